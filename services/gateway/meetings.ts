/**
 * Devices and session hosts that meet here. A meeting is opened by a launch, is good for one device and the one session host
 * that the grant names, and is over after 10 s when they have not both come. Whichever comes first waits.
 */
import { randomBytes } from 'node:crypto';
import type { Socket } from 'node:net';
import { HoldfastError } from '#protocol/errors';
import { TIMES } from '#protocol/limits';
import { endWith } from '#runtime/channel/connection';
import { join } from '#runtime/channel/join';
import type { Guest } from '#runtime/channel/listener';
import type { Log } from '#runtime/log/log';
import type { Metrics } from '#runtime/metrics/metrics';

interface Meeting {
  readonly correlationId: string;
  readonly timer: NodeJS.Timeout;
  /** the session host that the grant names; unknown until it was brokered */
  host?: string;
  device?: Guest;
  leg?: Leg;
}

interface Leg {
  /** from the session host's statement */
  readonly host: string;
  readonly socket: Socket;
  readonly settled: () => void;
}

export interface Meetings {
  /** Opens a meeting: its id, 32 hexadecimal digits. */
  open(correlationId: string): string;
  /** The grant names this session host; from now on the meeting lasts 10 s. */
  name(id: string, host: string): void;
  cancel(id: string): void;
  /** Whether this session host may still come to this meeting. */
  expects(id: string, host: string): boolean;
  /** A device has come. Rejects when there is no such meeting, or it has a device. */
  arrive(id: string, device: Guest): Promise<void>;
  /** A session host has come, and is on the raw side. */
  arriveAsHost(id: string, leg: Leg): void;
  close(): void;
}

export function openMeetings({ signal, metrics, log }: { signal: AbortSignal; metrics: Metrics; log: Log }): Meetings {
  const meetings = new Map<string, Meeting>();
  let spliced = 0;
  const carried = metrics.counter('holdfast_gateway_session_bytes_total', 'Bytes carried between devices and session hosts.', ['way']);
  metrics.gauge('holdfast_gateway_sessions', 'Devices joined with a session host now.', () => spliced);
  metrics.gauge('holdfast_gateway_meetings', 'Meetings that wait for somebody.', () => meetings.size);

  const cancel = (id: string) => {
    const meeting = meetings.get(id);
    if (meeting === undefined) return;
    meetings.delete(id);
    clearTimeout(meeting.timer);
    meeting.device?.socket.destroy();
    meeting.leg?.socket.destroy();
  };

  const start = (correlationId: string, id: string): Meeting => ({
    correlationId,
    timer: setTimeout(() => cancel(id), TIMES.rendezvousMs).unref(),
  });

  const joinWhenComplete = (id: string, meeting: Meeting) => {
    const { device, leg, host, correlationId } = meeting;
    if (device === undefined || leg === undefined || host === undefined) return;
    if (leg.host !== host) {
      log.warn({ correlationId, expected: host, came: leg.host }, 'Another session host came to a meeting.');
      return cancel(id);
    }
    meetings.delete(id);
    clearTimeout(meeting.timer);
    device.settled();
    leg.settled();
    spliced += 1;
    log.info({ correlationId, sessionHost: host }, 'A device is joined with its session host.');
    void join(device.socket, leg.socket).then(({ forth, back }) => {
      spliced -= 1;
      carried.add({ way: 'to-host' }, forth);
      carried.add({ way: 'to-device' }, back);
      log.info({ correlationId, sessionHost: host, toHost: forth, toDevice: back }, 'Their connection has ended.');
    });
  };

  return {
    open(correlationId) {
      const id = randomBytes(16).toString('hex');
      meetings.set(id, start(correlationId, id));
      return id;
    },
    name(id, host) {
      const meeting = meetings.get(id);
      if (meeting === undefined) throw new HoldfastError(3023, 'The session host came too late.');
      meeting.host = host;
      meeting.timer.refresh();
      joinWhenComplete(id, meeting);
    },
    cancel,
    expects(id, host) {
      const meeting = meetings.get(id);
      return meeting !== undefined && meeting.leg === undefined && (meeting.host ?? host) === host;
    },
    async arrive(id, device) {
      const meeting = meetings.get(id);
      if (meeting === undefined || meeting.device !== undefined) throw new HoldfastError('not_found', 'There is no such meeting.');
      meeting.device = device;
      device.socket.once('close', () => meetings.get(id) === meeting && cancel(id));
      joinWhenComplete(id, meeting);
    },
    arriveAsHost(id, leg) {
      const meeting = meetings.get(id);
      if (meeting === undefined || meeting.leg !== undefined) throw new HoldfastError('not_found', 'There is no such meeting.');
      meeting.leg = leg;
      endWith(leg.socket, signal);
      leg.socket.once('close', () => meetings.get(id) === meeting && cancel(id));
      joinWhenComplete(id, meeting);
    },
    close() {
      for (const id of [...meetings.keys()]) cancel(id);
    },
  };
}
