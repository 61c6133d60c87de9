/**
 * English, for people at a device: what happened, what still works, what to do. No command, no setting, no word of the code; what a
 * helper needs beyond that is copied by "Copy details" (`protocol/details.ts`). A reason without a sentence here tells a person nothing.
 */
import type { PeopleWords } from '../words.ts';

const RECONNECT = 'Reconnect to Workspace.';
const AGAIN = 'Try again.';
const DESK = 'Tell your service desk the ID.';
const MEANWHILE = 'Try again. Saved access works meanwhile.';
const OPEN_AGAIN = 'Open it again.';
const SET_UP = { says: 'Holdfast isn’t set up correctly.', remedy: DESK };

const OTHER_PERSON = 'It belongs to somebody else.';
const OTHER_ORGANIZATION = 'It belongs to another organization.';
const NOTHING_ANSWERS = 'Nothing answers there.';
const SERVER_SILENT = 'The server that runs it didn’t answer.';
const OTHER_SIGN_ON = 'The server that runs it wants another way of signing on than is set up.';
const PART_SILENT = 'A part of the Workspace didn’t answer.';
const NOT_SET_UP_YET = 'It isn’t set up yet.';
const NOBODY_YET = 'Nobody has signed in on this device yet.';
const OTHER_EXTENSION = 'It was set up for another extension than this one.';
const NO_WORKSPACE = 'This Workspace isn’t set up on this device.';
const IN_ITS_PLACE = 'Something else may have answered in its place.';

/** Apart, for pages that show nothing else. */
export const causes: PeopleWords['causes'] = {
  network: 'couldn’t be reached',
  refused: 'refused the connection',
  closed: 'closed the connection',
  dns: 'couldn’t be found',
  tls: 'couldn’t prove who it is',
  timeout: 'timed out',
  'no-network': 'couldn’t be reached without a network',
  unreachable: 'couldn’t be reached',
  'server-error': 'answered with an error',
  'location-silent': 'didn’t answer its gateway',
  'no-session-host': 'answered, but none of its servers did',
  'not-authenticated': 'didn’t recognize your sign-in',
  'bad-document': 'sent something unreadable',
  'not-ours': 'didn’t answer: something else answered in its place',
};

export const people: PeopleWords = {
  codes: {
    3000: { says: 'Nothing is saved for it on this device.', remedy: RECONNECT },
    3002: { says: 'Its saved access is missing or unreadable.', remedy: RECONNECT },
    3003: { says: 'Its saved access names no location.', remedy: `${RECONNECT} ${DESK}` },
    3004: { says: 'Its saved access lacks connection details.', remedy: `${RECONNECT} ${DESK}` },
    3005: { says: 'The Workspace sent an empty launch file.', remedy: AGAIN },
    3006: { says: 'Your saved access has ended.', remedy: RECONNECT },
    3007: { says: 'Its saved access was altered, so it isn’t used.', remedy: `${RECONNECT} ${DESK}` },
    3008: { says: 'The location gave no decision.', remedy: AGAIN },
    3009: { says: 'The location’s answer can’t be trusted.', remedy: DESK },
    3010: { says: 'Part of the request is missing.', remedy: `${AGAIN} ${DESK}` },
    3020: { says: 'The location couldn’t check your access.', remedy: `${AGAIN} ${DESK}` },
    3021: { says: 'None of its locations has it now.', remedy: `${AGAIN} ${DESK}` },
    3022: { says: 'The location refused.', remedy: DESK },
    3023: { says: 'No location answered in time.', remedy: AGAIN },
    3024: { says: 'Cancelled.', remedy: '' },
    3025: { says: 'It was tried several times without success.', remedy: `${AGAIN} ${DESK}` },
    3026: { says: 'The location answers but can’t start this.', remedy: `${AGAIN} ${DESK}` },
    bad_request: {
      says: 'Invalid request.',
      remedy: 'Update Holdfast on this device. If that doesn’t help, tell your service desk the ID.',
    },
    too_large: { says: 'The request is too large.', remedy: DESK },
    not_signed_in: { says: 'You aren’t signed in.', remedy: 'Sign in.' },
    untrusted_peer: { says: 'The other side couldn’t prove who it is.', remedy: DESK },
    not_entitled: { says: 'This isn’t published to you.', remedy: 'Ask your administrator for access.' },
    blocked: { says: 'Your administrator has blocked access.', remedy: 'Ask your administrator.' },
    not_found: { says: 'Not found.', remedy: 'Reload this page, then try again.' },
    conflict: { says: 'It conflicts with something else.', remedy: 'Wait a moment, then try again.' },
    ticket_used: { says: 'It was opened with this permission already.', remedy: OPEN_AGAIN },
    ticket_expired: { says: 'The permission to open it has expired.', remedy: OPEN_AGAIN },
    join_token_used: SET_UP,
    join_token_expired: SET_UP,
    too_many: { says: 'Too many requests.', remedy: 'Wait a moment, then try again.' },
    internal: { says: 'Internal error.', remedy: DESK },
    unavailable: { says: 'It isn’t available.', remedy: MEANWHILE },
    timeout: { says: 'It didn’t answer in time.', remedy: MEANWHILE },
    bad_config: SET_UP,
    port_in_use: SET_UP,
    missing_program: SET_UP,
    missing_viewer: {
      says: 'No viewer for this kind of session is installed.',
      remedy: 'Ask your service desk to install it, then try again.',
    },
    host_missing: {
      says: 'The Holdfast host isn’t installed for this browser.',
      remedy: 'Ask your service desk to install it, then open this again.',
    },
    host_version: {
      says: 'The Holdfast host and the extension are incompatible versions.',
      remedy: 'Ask your service desk to update the older of the two.',
    },
    host_crashed: { says: 'The Holdfast host stopped.', remedy: 'Try again. If it stops again, tell your service desk.' },
    extension_missing: {
      says: 'The Holdfast extension isn’t installed in this browser.',
      remedy: 'Install the extension, then reload this page.',
    },
    forbidden_caller: {
      says: 'The Holdfast host on this device refuses this browser.',
      remedy: 'Ask your service desk to install the host again for this browser and this Workspace.',
    },
    unsafe_folder: { says: 'Others have access to Holdfast’s private folder on this device.', remedy: 'Tell your service desk.' },
    unknown_error: { says: 'The other side is newer: this version doesn’t know its error.', remedy: 'Update Holdfast.' },
  },
  causes,
  reasons: {
    3000: { 'no-lease': 'This device has no saved access at all.', 'nobody-signed-in': NOBODY_YET },
    3002: {
      'file-missing': 'One of its files is missing.',
      'key-damaged': 'The device’s key is damaged.',
      'key-gone': 'The device’s key is gone.',
      'list-damaged': 'The list of saved access is damaged.',
      'not-sealed-here': 'It was saved for another device.',
      'other-owner': OTHER_PERSON,
    },
    3004: { 'not-for-location': 'Nothing in it is meant for this location.' },
    3006: { ended: 'It ended {at}.' },
    3007: {
      'dated-ahead': 'It is dated in the future.',
      'file-altered': 'One of its files was altered.',
      'files-mixed': 'Its files don’t belong together.',
      'not-signed': 'It doesn’t come from your Workspace.',
      'other-owner': OTHER_PERSON,
      'other-resource': 'It is for something else.',
      'other-tenant': OTHER_ORGANIZATION,
      'too-long': 'It lasts longer than is allowed.',
    },
    3020: {
      'list-stale': 'Its list of blocked access is out of date.',
      'no-list': 'It has no list of blocked access yet.',
      'no-site-copy': NOT_SET_UP_YET,
      'other-device': 'The access belongs to another device.',
      'other-tenant': OTHER_ORGANIZATION,
      'too-old': 'The permission to open it has expired.',
    },
    3021: {
      'connector-silent': 'It stopped answering.',
      full: 'All servers that run it are full.',
      'host-silent': SERVER_SILENT,
      'host-off': 'The server that runs it is off.',
      'no-connector': NOTHING_ANSWERS,
      'not-in-lease': 'Your saved access doesn’t cover this location.',
      'not-published': 'It is no longer published.',
      'not-registered': 'No server there runs it now.',
      'other-location': 'It is for another location.',
    },
    3022: {
      blocked: 'Your administrator has blocked access.',
      'not-entitled': 'This isn’t published to you.',
      'not-offline': 'It may not be opened with saved access.',
      workspace: 'The Workspace gave no permission to open it.',
    },
    3023: { 'host-late': SERVER_SILENT },
    3026: {
      'account-refused': 'The server that runs it doesn’t let your account in.',
      'certificate-other': IN_ITS_PLACE,
      'disk-full': 'The disk of this device is full.',
      'disk-unwritable': 'Holdfast can’t write to its folder on this device.',
      'host-key-other': IN_ITS_PLACE,
      'nla-required': OTHER_SIGN_ON,
      'no-account': 'You have no account on the server that runs it.',
      'no-common-security': OTHER_SIGN_ON,
      'no-display': 'The viewer found no screen for its window.',
      'no-terminal': 'The viewer has no window to ask for your password in.',
      'password-expired': 'Your password has expired or has to be changed.',
      'server-ended': 'The server that runs it ended the connection.',
      'server-silent': SERVER_SILENT,
      'sign-on-refused': 'The server that runs it didn’t let you in. Check your user name and password.',
      'tls-required': OTHER_SIGN_ON,
      'viewer-exit': 'The viewer closed by itself.',
      'viewer-user': 'The viewer doesn’t take your user name.',
    },
    bad_request: { 'sign-in-elsewhere': 'This sign-in was begun elsewhere, or too long ago.' },
    too_large: { 'too-many-resources': 'You have more apps and desktops than can be saved at once.' },
    not_signed_in: {
      'access-denied': 'Your organization’s sign-in didn’t let you in, or you cancelled there.',
      'nobody-yet': NOBODY_YET,
      'not-asked-again':
        'You signed out here, and your organization’s sign-in didn’t ask you again, or its clock is behind. Try again in some minutes.',
      'not-bound': 'Somebody else is signed in, in this browser.',
      'sign-in-used': 'This sign-in has already been used, or it has expired.',
      'token-old': 'Your sign-in on this device is too old.',
    },
    untrusted_peer: {
      'other-key': IN_ITS_PLACE,
      'other-protocol': IN_ITS_PLACE,
      'pinned-key': IN_ITS_PLACE,
      'provider-certificate': 'Your organization’s sign-in couldn’t prove who it is.',
      'provider-clock': 'The clocks of your organization’s sign-in and of the Workspace differ by {seconds} s.',
      'sign-in': 'The sign-in couldn’t be completed.',
      'tls-pin': IN_ITS_PLACE,
    },
    bad_config: {
      'provider-client': 'Your organization’s sign-in doesn’t recognize the Workspace.',
      'provider-issuer': 'Your organization’s sign-in calls itself something else than the Workspace expects.',
      'provider-missing': 'The Workspace doesn’t find your organization’s sign-in.',
      'provider-request': 'Your organization’s sign-in refuses what the Workspace asks for.',
    },
    not_entitled: { 'no-continuity': 'Saved access is turned off for this Workspace.' },
    conflict: {
      'launch-under-way': 'It is being opened already.',
      locked: 'Holdfast is busy with it on this device.',
    },
    too_many: {
      busy: 'The Workspace is busy.',
      devices: 'Too many of your devices ask at once.',
      launches: 'You have opened too much in a short time.',
      meetings: 'The location is busy.',
      people: 'Too many people have saved access on this device.',
      'person-devices': 'Your access is saved on {limit} devices already, and more aren’t allowed. Your service desk can remove one.',
    },
    unavailable: {
      'broke-off': PART_SILENT,
      'browser-ended': 'The browser has ended.',
      cut: 'The connection was cut.',
      database: 'Its database didn’t answer.',
      'database-of': 'Its database didn’t answer.',
      'extension-restarted': 'The extension was restarted.',
      'identity-provider': 'Sign-in didn’t answer.',
      'no-connector': 'None of its locations answers.',
      'no-site': NOT_SET_UP_YET,
      'no-site-copy': NOT_SET_UP_YET,
      'not-holdfast': IN_ITS_PLACE,
      'not-workspace': 'Something other than the Workspace answered.',
      'person-unknown': 'Whether this is yours depends on your groups or your user name, and your sign-in didn’t say them.',
      'root-of-trust': PART_SILENT,
      server: PART_SILENT,
      saturated: 'Too many people ask at once.',
      service: PART_SILENT,
      status: 'The Workspace answered with an error.',
      'sync-ended': 'Saving your access broke off.',
      workspace: 'The Workspace didn’t answer.',
    },
    timeout: {
      host: 'The Holdfast host didn’t answer.',
      'root-of-trust': PART_SILENT,
      server: PART_SILENT,
      'server-silent': SERVER_SILENT,
      service: PART_SILENT,
      'sync-silent': 'Saving your access stopped.',
      workspace: 'The Workspace didn’t answer within {seconds} s.',
    },
    missing_viewer: {
      rdp: 'It is shown by FreeRDP.',
      ssh: 'It is shown by OpenSSH and xterm.',
      vnc: 'It is shown by TigerVNC.',
    },
    host_version: {
      page: 'This page is older than the extension.',
      versions: 'Host {ours}, extension {theirs}.',
    },
    host_crashed: { silent: 'It didn’t answer in time.' },
    forbidden_caller: {
      'extension-unlisted': OTHER_EXTENSION,
      'no-workspace': NO_WORKSPACE,
      'other-extension': OTHER_EXTENSION,
      'workspace-unknown': NO_WORKSPACE,
    },
    unknown_error: { code: 'Its code is {code}.' },
  },
};
