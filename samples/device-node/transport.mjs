// docs/transport.openapi.yaml as functions. What can't be answered now is asked again, with a growing pause.

import { setTimeout as delay } from 'node:timers/promises';

/** The transport said no: code is one of its closed list. */
export class Refusal extends Error {
  constructor(code, message) {
    super(`${code}: ${message}`);
    this.code = code;
  }
}

export class Transport {
  #base;
  #signal;
  #authorization;

  constructor(base, signal) {
    this.#base = `${base.replace(/\/+$/, '')}/transport/v1/`;
    this.#signal = signal;
  }

  authenticate(number, credential) {
    this.#authorization = `Basic ${Buffer.from(`${number}:${credential}`).toString('base64')}`;
  }

  startRegistration(number) {
    return this.#call('POST', 'registrations', { number });
  }

  verifyRegistration(registrationId, number, code, keys) {
    return this.#call('POST', `registrations/${registrationId}/verify`, { number, code, keys });
  }

  countKeys() {
    return this.#call('GET', 'keys');
  }

  uploadKeys(keys) {
    return this.#call('PUT', 'keys', keys);
  }

  takeBundle(number) {
    return this.#call('POST', 'bundles', { number });
  }

  fetch(wait) {
    return this.#call('GET', `envelopes?wait=${wait}`);
  }

  send(envelope) {
    return this.#call('POST', 'envelopes', envelope);
  }

  acknowledge(handles) {
    return this.#call('POST', 'envelopes/ack', { handles });
  }

  async #call(method, path, body) {
    for (let attempt = 0; ; attempt++) {
      const response = await this.#once(method, path, body);
      if (response?.ok) {
        return response.json();
      }
      if (response && response.status < 500 && response.status !== 429) {
        const { error } = await response.json();
        throw new Refusal(error.code, error.message);
      }
      await response?.body?.cancel();
      const asked = Number(response?.headers.get('retry-after') ?? 0) * 1000;
      const pause = Math.min(30_000, 250 * 2 ** Math.min(attempt, 7)) * (0.5 + Math.random() / 2);
      await delay(Math.max(asked, pause), undefined, { signal: this.#signal });
    }
  }

  async #once(method, path, body) {
    const ended = new AbortController();
    const end = () => ended.abort();
    const limit = setTimeout(end, 60_000);
    this.#signal.addEventListener('abort', end);
    try {
      return await fetch(this.#base + path, {
        method,
        headers: {
          ...this.#authorization && { Authorization: this.#authorization }, ...body && { 'Content-Type': 'application/json' },
        },
        body: body && JSON.stringify(body),
        signal: ended.signal,
      });
    } catch (fault) {
      if (this.#signal.aborted) {
        throw fault;
      }
      return null; // not there, or the answer was lost
    } finally {
      clearTimeout(limit);
      this.#signal.removeEventListener('abort', end);
    }
  }
}
