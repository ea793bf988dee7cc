import type { JsonObject } from '../engine/json.js';
import { utf8 } from '../engine/utf8.js';
import type { PageContext } from '../navigation/page-context.js';
import type { StoredEvent } from '../store/storage.js';
import type { MessageCore } from './call.js';

declare const WAYLINE_VERSION: string;

/** What is told of a message besides what it says. */
export interface MessageContext {
  readonly id: string;
  /** Epoch milliseconds. */
  readonly at: number;
  readonly importance: StoredEvent['importance'];
  readonly page: PageContext;
  readonly device: JsonObject;
  readonly anonymousId: string;
  readonly userId: string | null;
  readonly consent: Readonly<Record<string, boolean>>;
  readonly bootId: string;
  readonly monotonic: number;
}

/** Events whose loss a site would notice in its figures: kept longest when the queue is full. */
const conversions = new Set(['Goal Reached', 'Order Completed', 'Handoff Requested']);

/** Whether an event is of the greatest importance: evicted last. */
export function isConversion(name: string): boolean {
  return conversions.has(name);
}

/** A Segment message as it is stored and sent. `sequence` ascends over all messages of this visitor on this device. */
export function storedMessage(core: MessageCore, sequence: number, context: MessageContext): StoredEvent {
  const { id, at, importance, page, device, anonymousId, userId, consent, bootId, monotonic } = context;
  const timestamp = new Date(at).toISOString();
  const text = JSON.stringify({
    ...core,
    messageId: id,
    anonymousId,
    userId: userId ?? undefined,
    timestamp,
    originalTimestamp: timestamp,
    context: {
      page,
      device,
      locale: device['language'],
      library: { name: 'wayline', version: WAYLINE_VERSION },
      consent: { categoryPreferences: consent },
      wayline: { sequence, bootId, monotonic },
    },
  });
  return { id, importance, text, size: utf8.encode(text).length };
}
