/**
 * Meetings of devices and session hosts. A launch opens a meeting for one device and the one session host
 * that the grant names; it expires after 10 s unless both have arrived. Whichever arrives first waits.
 */
import { randomBytes } from 'node:crypto';
import type { Socket } from 'node:net';
import { HoldfastError } from '#protocol/errors';
import { TIMES } from '#protocol/limits';
import { endWith } from '#runtime/channel/connection';
import type { Guest } from '#runtime/channel/listener';
import { splice } from '#runtime/channel/splice';
import type { Log } from '#runtime/log/log';
import type { Metrics } from '#runtime/metrics/metrics';

interface Meeting {
  readonly correlationId: string;
  readonly timer: NodeJS.Timeout;
  /** the session host that the grant names; unknown until brokering */
  host?: string;
  device?: Arrived;
  leg?: Leg;
}

type Arrived = Omit<Guest, 'turn'>;

interface Leg {
  /** from the session host's statement */
  readonly host: string;
  readonly socket: Socket;
  readonly settled: () => void;
}

export interface Meetings {
  /** Opens a meeting: its id, 32 hexadecimal digits. */
  open(correlationId: string): string;
  /** Sets the session host that the grant names; the meeting lasts 10 s from now. */
  name(id: string, host: string): void;
  cancel(id: string): void;
  /** Whether this session host may still come to this meeting. */
  expects(id: string, host: string): boolean;
  /** A device arrives. Rejects when there is no such meeting, or it already has a device. */
  arrive(id: string, device: Arrived): Promise<void>;
  /** A session host arrives, already on the raw side. */
  arriveAsHost(id: string, leg: Leg): void;
  close(): void;
}

export function openMeetings({ signal, metrics, log }: { signal: AbortSignal; metrics: Metrics; log: Log }): Meetings {
  const meetings = new Map<string, Meeting>();
  let spliced = 0;
  const carried = metrics.counter('holdfast_gateway_session_bytes_total', 'Bytes carried between devices and session hosts.', ['way']);
  metrics.gauge('holdfast_gateway_sessions', 'Devices currently joined with a session host.', () => spliced);
  metrics.gauge('holdfast_gateway_meetings', 'Meetings waiting for a device or a session host.', () => meetings.size);

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
      log.warn({ correlationId, expected: host, came: leg.host }, 'The wrong session host came to a meeting.');
      return cancel(id);
    }
    meetings.delete(id);
    clearTimeout(meeting.timer);
    device.settled();
    leg.settled();
    spliced += 1;
    log.info({ correlationId, sessionHost: host }, 'Device and session host joined.');
    void splice(device.socket, leg.socket).then(({ forth, back }) => {
      spliced -= 1;
      carried.add({ way: 'to-host' }, forth);
      carried.add({ way: 'to-device' }, back);
      log.info({ correlationId, sessionHost: host, toHost: forth, toDevice: back }, 'Session connection closed.');
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
      if (meeting === undefined) throw new HoldfastError(3023, { reason: 'host-late' });
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
      if (meeting === undefined || meeting.device !== undefined) throw new HoldfastError('not_found', { reason: 'meeting' });
      meeting.device = device;
      device.socket.once('close', () => meetings.get(id) === meeting && cancel(id));
      joinWhenComplete(id, meeting);
    },
    arriveAsHost(id, leg) {
      const meeting = meetings.get(id);
      if (meeting === undefined || meeting.leg !== undefined) throw new HoldfastError('not_found', { reason: 'meeting' });
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
