import type { WaylineClient } from '../client/wayline-client.js';
import { button, element } from './element.js';
import { inSession } from './in-session.js';
import { timeOf, titleOf } from './moments.js';
import { parseState, type Recording } from './recording.js';
import { storyOf, type Story } from './story.js';
import type { Timeline } from './timeline.js';

const slug = (title: string): string => title.toLowerCase().replace(/[^a-z0-9]+/g, '-').replace(/^-+|-+$/g, '').slice(0, 60) || 'recorded';

/** The recording as a story; undefined when nothing was recorded. */
export function savedStory(title: string, client: WaylineClient, recording: Recording): Story | undefined {
  const { visitor = '' } = client.inspect();
  const fork = client.fork.bind(client);
  const [first] = recording.moments;
  if (first === undefined) return undefined;
  const state = recording.before(0) ?? (recording.fresh ? null : (recording.moments.find(({ after }) => after !== null)?.after ?? null));
  const known = state === null ? null : fork(parseState(state));
  return storyOf(title, {
    visitor,
    moments: recording.moments,
    before: known === null ? null : inSession(known, () => known.inspect(timeOf(first.input))),
    fork: (from) => {
      const session = fork(from);
      if (session === null) throw new Error('there is no engine');
      return session;
    },
    sessionAt: (index) => recording.sessionAt(index),
  });
}

/** Turns the recording into a file for the pack's folder `tests`. One node that stays, so that a title is not lost while it is typed. */
export class SaveForm {
  readonly node: HTMLElement;
  readonly #title = element('input', { type: 'text', class: 'field', id: 'story-title', 'data-key': 'story title' });
  readonly #notes = element('ul', { class: 'notes' });
  readonly #text = element('textarea', { class: 'story', id: 'story-text', readonly: true, rows: '14', spellcheck: 'false' });
  #story: Story | undefined;

  constructor(
    private readonly client: WaylineClient,
    private readonly timeline: Timeline,
    done: () => void,
  ) {
    this.#title.addEventListener('input', () => this.#write());
    this.node = element(
      'div',
      { class: 'card save', hidden: true },
      element('label', { for: 'story-title' }, 'What it tells, in one sentence'),
      this.#title,
      this.#notes,
      element('label', { for: 'story-text' }, 'A file for the folder ', element('code', {}, 'tests'), ' of the pack'),
      this.#text,
      element(
        'div',
        { class: 'actions' },
        button('Download', { class: 'small strong', 'data-key': 'story download' }, () => this.#download()),
        button('Copy', { class: 'small', 'data-key': 'story copy' }, () => void navigator.clipboard.writeText(this.#text.value).catch(() => this.#text.select())),
        button('Close', { class: 'small', 'data-key': 'story close' }, () => {
          this.node.hidden = true;
          done();
        }),
      ),
    );
  }

  open(): void {
    const { moments } = this.timeline.recording;
    const [first] = moments;
    this.#title.value = first === undefined ? '' : `A visit of ${new Date(timeOf(first.input)).toISOString().slice(0, 10)} that begins with ${titleOf(first.input)}`;
    this.node.hidden = false;
    this.#write();
  }

  #write(): void {
    this.#story = savedStory(this.#title.value.trim() || 'A recorded visit', this.client, this.timeline.recording);
    this.#text.value = this.#story?.text ?? '';
    this.#notes.replaceChildren(...(this.#story?.notes ?? ['There is nothing to save yet.']).map((note) => element('li', {}, note)));
  }

  #download(): void {
    const address = URL.createObjectURL(new Blob([this.#text.value], { type: 'application/json' }));
    element('a', { href: address, download: `${slug(this.#title.value)}.json` }).click();
    URL.revokeObjectURL(address);
  }
}
