import { find, findAll } from './page.js';
import { track } from './wayline.js';

/** How many products an event names; more would only make it large. */
const namedProducts = 12;

interface Choice {
  readonly colours: readonly string[];
  readonly price: string;
  readonly sort: string;
}

function fromAddress(): Choice {
  const query = new URLSearchParams(location.search);
  return {
    colours: (query.get('colour') ?? '').split(',').filter((each) => each !== ''),
    price: query.get('price') ?? '',
    sort: query.get('sort') ?? '',
  };
}

function toAddress({ colours, price, sort }: Choice): string {
  const query = new URLSearchParams();
  if (colours.length > 0) query.set('colour', colours.join(','));
  if (price !== '') query.set('price', price);
  if (sort !== '') query.set('sort', sort);
  const text = query.toString().replaceAll('%2C', ',');
  return text === '' ? location.pathname : `${location.pathname}?${text}`;
}

function fromForm(form: HTMLFormElement): Choice {
  const data = new FormData(form);
  const text = (value: FormDataEntryValue | null): string => (typeof value === 'string' ? value : '');
  return { colours: data.getAll('colour').map(text), price: text(data.get('price')), sort: text(data.get('sort')) };
}

function toForm(form: HTMLFormElement, { colours, price, sort }: Choice): void {
  for (const box of findAll('input[name=colour]', HTMLInputElement, form)) box.checked = colours.includes(box.value);
  for (const radio of findAll('input[name=price]', HTMLInputElement, form)) radio.checked = radio.value === price;
  find('select[name=sort]', HTMLSelectElement, form).value = sort;
}

class Listing {
  private readonly form = find('[data-filters]', HTMLFormElement);
  private readonly list = find('[data-cards]', HTMLUListElement);
  private readonly cards = findAll('.card', HTMLLIElement, this.list);
  private readonly count = find('[data-count]', HTMLElement);
  private readonly empty = find('[data-empty]', HTMLElement);
  private readonly category = find('[data-list]', HTMLElement).dataset['list'] ?? '';

  start(): void {
    toForm(this.form, fromAddress());
    this.show(fromAddress());
    void track('Product List Viewed', { ...this.named(), list_id: this.category, category: this.category });
    this.form.addEventListener('change', () => {
      this.choose(fromForm(this.form));
    });
    this.form.addEventListener('reset', (event) => {
      event.preventDefault();
      toForm(this.form, { colours: [], price: '', sort: '' });
      this.choose(fromForm(this.form));
    });
    window.addEventListener('popstate', () => {
      toForm(this.form, fromAddress());
      this.show(fromAddress());
    });
  }

  private choose(choice: Choice): void {
    const address = toAddress(choice);
    if (address !== location.pathname + location.search) history.pushState(null, '', address);
    this.show(choice);
    void track('Product List Filtered', {
      ...this.named(),
      list_id: this.category,
      category: this.category,
      filters: [...choice.colours.map((value) => ({ type: 'colour', value })), ...(choice.price === '' ? [] : [{ type: 'price', value: choice.price }])],
      sorts: choice.sort === '' ? [] : [{ type: 'price', value: choice.sort }],
    });
  }

  private show({ colours, price, sort }: Choice): void {
    const [low, high] = price === '' ? [0, Infinity] : price.split('-').map(Number);
    const priceOf = (card: HTMLLIElement): number => Number(card.dataset['price']);
    let shown = 0;
    for (const card of this.cards) {
      const fits =
        (colours.length === 0 || colours.includes(card.dataset['colour'] ?? '')) &&
        priceOf(card) >= (low ?? 0) &&
        priceOf(card) <= (high ?? Infinity);
      card.hidden = !fits;
      if (fits) shown += 1;
    }
    const direction = sort === 'price-down' ? -1 : 1;
    const order = sort === '' ? this.cards : [...this.cards].sort((one, other) => direction * (priceOf(one) - priceOf(other)));
    this.list.append(...order);
    this.count.textContent = shown === 1 ? '1 piece' : `${String(shown)} pieces`;
    this.empty.hidden = shown > 0;
  }

  private named(): { readonly products: readonly string[] } {
    const shown = findAll('.card:not([hidden])', HTMLLIElement, this.list).slice(0, namedProducts);
    return { products: shown.map((card) => card.dataset['product'] ?? '') };
  }
}

export function startCategory(): void {
  new Listing().start();
}
