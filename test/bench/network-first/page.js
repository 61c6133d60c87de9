/** Draws what the window shows, then the rest: as the portal does. The server puts in how a tile looks, and how many the window shows. */
const { tile, first } = SETTINGS;
const started = navigator.serviceWorker.register('/worker.js');
const answer = await fetch('/api/list');
const { resources } = await answer.json();
const list = document.querySelector('[data-list]');
const draw = (some) => list.insertAdjacentHTML('beforeend', some.map(({ name }) => tile.replaceAll('NAME', name)).join(''));
draw(resources.slice(0, first));
requestAnimationFrame(() => setTimeout(() => draw(resources.slice(first))));
await started;
