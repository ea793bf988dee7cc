// A consent management platform as IAB TCF v2.2 describes it: a stub that queues, then the platform that answers.

/** The stub for the head of the page: keeps calls until the platform comes. */
export function installTcfStub(page) {
  const queue = [];
  page.__tcfapi = (...call) => {
    if (call.length === 0) return queue;
    const [command, , callback] = call;
    if (command === 'ping') callback({ cmpLoaded: false, cmpStatus: 'stub', gdprApplies: undefined, apiVersion: '2.2' }, true);
    else queue.push(call);
  };
}

/** The platform: takes over the stub's queue. `choose` is what a visitor does in its dialogue. */
export class Platform {
  #listeners = new Map();
  #next = 1;
  #status;
  #consents;
  #vendors;
  #more;

  /** `more`: what else its data says. */
  constructor(page, { gdprApplies = true, consents, vendors = [], asks = consents === undefined, loading = false, ...more } = {}) {
    this.gdprApplies = gdprApplies;
    this.#consents = consents ?? [];
    this.#vendors = vendors;
    this.#more = more;
    // While it loads, it answers a listener at once all the same, without a status of the event.
    this.#status = loading ? undefined : asks ? 'cmpuishown' : 'tcloaded';
    const queued = page.__tcfapi?.() ?? [];
    page.__tcfapi = (command, version, callback, parameter) => this.#answer(command, callback, parameter);
    for (const call of queued) page.__tcfapi(...call);
  }

  get listeners() {
    return this.#listeners.size;
  }

  /** It has found what was chosen on an earlier visit. */
  load(consents) {
    this.#consents = consents;
    this.#status = 'tcloaded';
    this.#tellAll();
  }

  choose(consents, vendors = this.#vendors) {
    this.#consents = consents;
    this.#vendors = vendors;
    this.#status = 'useractioncomplete';
    this.#tellAll();
  }

  /** The visitor opens the dialogue again: the old choices are still in the data. */
  ask() {
    this.#status = 'cmpuishown';
    this.#tellAll();
  }

  #tellAll() {
    for (const id of this.#listeners.keys()) this.#tell(id);
  }

  #answer(command, callback, parameter) {
    if (command === 'addEventListener') {
      this.#listeners.set(this.#next, callback);
      this.#tell(this.#next++);
    } else if (command === 'removeEventListener') {
      callback(this.#listeners.delete(parameter));
    } else {
      callback(null, false);
    }
  }

  #tell(id) {
    // Where the GDPR does not apply, nothing else need be said.
    if (!this.gdprApplies) return this.#listeners.get(id)?.({ gdprApplies: false, tcfPolicyVersion: 4, cmpId: 7, cmpVersion: 1 }, true);
    const flags = (ids, all) => Object.fromEntries(all.map((each) => [String(each), ids.includes(each)]));
    const purposes = Array.from({ length: 11 }, (_, index) => index + 1);
    this.#listeners.get(id)?.({
      tcString: 'CPXxRfAPXxRfAAfKABENB-CgAAAAAAAAAAYgAAAAAAAA',
      tcfPolicyVersion: 4,
      cmpId: 7,
      cmpVersion: 1,
      gdprApplies: this.gdprApplies,
      eventStatus: this.#status,
      cmpStatus: this.#status === undefined ? 'loading' : 'loaded',
      listenerId: id,
      isServiceSpecific: true,
      useNonStandardTexts: false,
      publisherCC: 'PL',
      purposeOneTreatment: false,
      purpose: { consents: flags(this.#consents, purposes), legitimateInterests: {} },
      vendor: { consents: flags(this.#vendors, this.#vendors), legitimateInterests: {} },
      specialFeatureOptins: {},
      publisher: { consents: {}, legitimateInterests: {}, customPurpose: { consents: {}, legitimateInterests: {} }, restrictions: {} },
      ...this.#more,
    }, true);
  }
}
