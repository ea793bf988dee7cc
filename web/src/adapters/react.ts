// Entry of wayline/react: slots in React. It needs no provider: an element and the SDK know each other by the slot's attributes and events.
'use client';

import { createElement, useCallback, useRef, useState, type HTMLAttributes, type ReactElement, type ReactNode } from 'react';
import type { Decision, Shown } from '../engine/decision.js';
import type { Json } from '../engine/json.js';

/** What to spread on the element that shows the slot. */
export interface SlotAttributes {
  readonly ref: (element: HTMLElement | null) => void;
  readonly 'data-wayline-slot': string;
  readonly 'data-wayline-render': 'page';
}

export interface SlotState<Data> {
  /** What the slot shows, as long as it is not the page's default; null otherwise, on the server and before the first decision too. */
  readonly decision: Shown<Data> | null;
  readonly attributes: SlotAttributes;
}

/** Where the SDK is when it came before React: the script's client, unless another is named. */
interface Decider {
  decide(slot: string): Decision;
}

/**
 * A slot whose content the component renders itself, from `decision.content`; the SDK only counts when it was seen. The decision changes when the slot would
 * change, so nothing moves under a visitor's eyes. Give the element a `key` if its slot's name can change.
 */
export function useSlot<Data = Json | undefined>(name: string, client?: Decider): SlotState<Data> {
  const [decision, setDecision] = useState<Shown<Data> | null>(null);
  const leave = useRef<() => void>(undefined);
  const ref = useCallback(
    (element: HTMLElement | null) => {
      leave.current?.();
      leave.current = undefined;
      if (element === null) return;
      const hear = ({ target, detail }: Event & { detail?: Shown<Data> | null }): void => {
        if (target === element) setDecision(detail ?? null);
      };
      element.addEventListener('wayline:content', hear);
      leave.current = () => element.removeEventListener('wayline:content', hear);
      const known = (client ?? scriptClient())?.decide(name);
      if (known !== undefined && known.experience !== null) setDecision(known as Shown<Data>);
    },
    [name, client],
  );
  return { decision, attributes: { ref, 'data-wayline-slot': name, 'data-wayline-render': 'page' } };
}

export interface SlotProps extends HTMLAttributes<HTMLElement> {
  readonly name: string;
  /** The element that is the slot; `div` by default. */
  readonly as?: 'div' | 'section' | 'article' | 'aside' | 'header' | 'footer' | 'p' | 'span' | 'h1' | 'h2' | 'h3' | 'li';
  /** The default. */
  readonly children?: ReactNode;
}

/**
 * A slot that the SDK fills; the children are its default. They keep an element of their own, so that React never looks for them where our content is.
 * The SDK is told of the slot when React is there: what it put into a page that a server rendered, React would not find to be its own.
 */
export function Slot({ name, as = 'div', children, ...attributes }: SlotProps): ReactElement {
  const ref = useCallback((element: HTMLElement | null) => element?.setAttribute('data-wayline-slot', name), [name]);
  return createElement(as, { ...attributes, key: name, ref }, createElement('span', { key: 'default', ref: layOut }, children));
}

/** By script: policies refuse styles that a server writes into the element. */
function layOut(element: HTMLElement | null): void {
  if (element !== null) element.style.display = 'contents';
}

function scriptClient(): Decider | undefined {
  const { wayline } = globalThis as { wayline?: Partial<Decider> };
  return typeof wayline?.decide === 'function' ? (wayline as Decider) : undefined;
}
