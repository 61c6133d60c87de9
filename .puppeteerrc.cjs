/** The system's own Chromium and Firefox are used; nothing is downloaded at install time. */
module.exports = { skipDownload: true };
