import type { Session } from '../engine/session.js';

/** What `look` finds in a session that is made for it alone: the engine's memory is given back whatever happens. */
export function inSession<T>(session: Session, look: (session: Session) => T): T {
  try {
    return look(session);
  } finally {
    session.dispose();
  }
}
