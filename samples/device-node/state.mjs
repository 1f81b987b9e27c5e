// Everything that the device must not lose, in one file: keys, sessions, what was seen, what still has to leave. Written whole, to a
// file beside it that is flushed and then renamed, so that after a crash either the old or the new state is there.
//
// It holds private keys in clear (mode 0600). A device for people would seal it under a key of the system's key store.

import { open, readFile, rename } from 'node:fs/promises';

const kept = 1000;
const keptSent = 100;

export class State {
  #path;

  constructor(path, data) {
    this.#path = path;
    this.data = data;
  }

  static async open(path) {
    let data;
    try {
      data = JSON.parse(await readFile(path, 'utf8'));
    } catch (fault) {
      if (fault.code !== 'ENOENT') {
        throw fault;
      }
      data = { sessions: {}, identities: {}, keys: null, outbox: [], sent: [], seenEnvelopes: [], seenContents: [] };
    }
    return new State(path, data);
  }

  async save() {
    const file = await open(`${this.#path}.new`, 'w', 0o600);
    try {
      await file.writeFile(JSON.stringify(this.data));
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(`${this.#path}.new`, this.#path);
  }

  /** Handled before: its acknowledgement was lost. */
  wasSeen(envelope) {
    return this.data.seenEnvelopes.includes(`${envelope.from} ${envelope.id}`);
  }

  /** False when this content was handled before, in another envelope: it was encrypted again. */
  see(envelope, content) {
    const name = `${envelope.from} ${content.id}`;
    const isNew = !this.data.seenContents.includes(name);
    this.data.seenEnvelopes = [...this.data.seenEnvelopes, `${envelope.from} ${envelope.id}`].slice(-kept);
    this.data.seenContents = isNew ? [...this.data.seenContents, name].slice(-kept) : this.data.seenContents;
    return isNew;
  }

  /** A message of ours, in case that its reader asks for it again. */
  remember(sent) {
    this.data.sent = [...this.data.sent, sent].slice(-keptSent);
  }
}
