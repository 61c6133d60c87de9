/** Whether the page would open without the Workspace: there is an active worker, and the kept page with every file that it names. */
export async function isShellKept(): Promise<boolean> {
  if (!('serviceWorker' in navigator)) return false;
  try {
    const registration = await navigator.serviceWorker.getRegistration();
    const page = await caches.match('/');
    if (registration?.active == null || page === undefined) return false;
    const needed = new Set((await page.text()).match(/\/assets\/[\w.-]+/gu));
    const found = await Promise.all([...needed].map((file) => caches.match(file)));
    return found.every((file) => file !== undefined);
  } catch {
    return false;
  }
}
