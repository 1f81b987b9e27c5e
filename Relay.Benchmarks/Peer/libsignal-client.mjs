// How fast @signalapp/libsignal-client is, by the same measure as Relay's own protocol section: one line of JSON, steps per second.
//
//   node libsignal-client.mjs FOLDER [MILLISECONDS] [bytes]
//
// FOLDER holds its node_modules, MILLISECONDS is one timed window. The stores are in memory. They keep the library's own session
// objects or, with "bytes", what these serialize to, as a store that lasts must. Every window is preceded by half a window of
// the same, so that compilers have done their work.

import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';

const folder = resolve(process.argv[2]);
const window = Number(process.argv[3] ?? 250);
const asBytes = process.argv[4] === 'bytes';
const require = createRequire(join(folder, 'package.json'));
const name = '@signalapp/libsignal-client';
const { version } = JSON.parse(readFileSync(join(folder, 'node_modules', name, 'package.json')));
const api = await import(pathToFileURL(require.resolve(name)));

const batch = 64;
const plaintext = Buffer.alloc(160);

class Device {
  constructor(number, registrationId) {
    this.address = api.ProtocolAddress.new(number, 1);
    this.registrationId = registrationId;
    this.key = api.PrivateKey.generate();
    const keep = (base, names) => {
      const held = new Map();
      const store = new base();
      for (const [method, call] of Object.entries(names(held))) {
        store[method] = call;
      }
      return Object.assign(store, { held });
    };
    this.sessions = keep(api.SessionStore, held => ({
      saveSession: async (address, record) => { held.set(address.name(), asBytes ? record.serialize() : record); },
      getSession: async address => {
        const record = held.get(address.name()) ?? null;
        return asBytes && record ? api.SessionRecord.deserialize(record) : record;
      },
    }));
    this.identities = keep(api.IdentityKeyStore, held => ({
      getIdentityKey: async () => this.key,
      getLocalRegistrationId: async () => registrationId,
      saveIdentity: async (address, key) => { held.set(address.name(), key); return 0; },
      isTrustedIdentity: async () => true,
      getIdentity: async address => held.get(address.name()) ?? null,
    }));
    this.oneTime = keep(api.PreKeyStore, held => ({ getPreKey: async id => held.get(id), removePreKey: async () => {} }));
    this.signed = keep(api.SignedPreKeyStore, held => ({ getSignedPreKey: async id => held.get(id) }));
    this.kyber = keep(api.KyberPreKeyStore, held => ({ getKyberPreKey: async id => held.get(id), markKyberPreKeyUsed: async () => {} }));
  }

  publish() {
    const sign = key => this.key.sign(key.serialize());
    const [signed, oneTime, kyber] = [api.PrivateKey.generate(), api.PrivateKey.generate(), api.KEMKeyPair.generate()];
    const [signature, kyberSignature] = [sign(signed.getPublicKey()), sign(kyber.getPublicKey())];
    this.signed.held.set(5, api.SignedPreKeyRecord.new(5, 0, signed.getPublicKey(), signed, signature));
    this.oneTime.held.set(7, api.PreKeyRecord.new(7, oneTime.getPublicKey(), oneTime));
    this.kyber.held.set(9, api.KyberPreKeyRecord.new(9, 0, kyber, kyberSignature));
    return api.PreKeyBundle.new(
      this.registrationId, 1, 7, oneTime.getPublicKey(), 5, signed.getPublicKey(), signature, this.key.getPublicKey(),
      9, kyber.getPublicKey(), kyberSignature);
  }

  open(bundle, other) {
    return api.processPreKeyBundle(bundle, other.address, this.address, this.sessions, this.identities);
  }

  async write(other) {
    return (await api.signalEncrypt(plaintext, other.address, this.address, this.sessions, this.identities)).serialize();
  }

  read(other, body) {
    return api.signalDecrypt(api.SignalMessage.deserialize(body), other.address, this.address, this.sessions, this.identities);
  }

  readFirst(other, body) {
    return api.signalDecryptPreKey(
      api.PreKeySignalMessage.deserialize(body), other.address, this.address, this.sessions, this.identities, this.oneTime, this.signed, this.kyber);
  }
}

/** Two who have read each other, and their ways to spend a batch. Each returns [steps, milliseconds] of the measured steps alone. */
class Pair {
  alice = new Device('alice', 1);
  bob = new Device('bob', 2);

  static async create() {
    const pair = new Pair();
    pair.bundle = pair.bob.publish();
    await pair.alice.open(pair.bundle, pair.bob);
    await pair.bob.readFirst(pair.alice, await pair.alice.write(pair.bob));
    await pair.turn();
    return pair;
  }

  async turn() {
    await this.alice.read(this.bob, await this.bob.write(this.alice));
  }

  async encrypt() {
    const start = performance.now();
    const messages = [];
    for (let i = 0; i < batch; i++) {
      messages.push(await this.alice.write(this.bob));
    }
    const took = performance.now() - start;
    for (const message of messages) {
      await this.bob.read(this.alice, message);
    }
    await this.turn();
    return [batch, took];
  }

  async decrypt() {
    const messages = [];
    for (let i = 0; i < batch; i++) {
      messages.push(await this.alice.write(this.bob));
    }
    await this.bob.read(this.alice, messages[0]);
    const start = performance.now();
    for (const message of messages.slice(1)) {
      await this.bob.read(this.alice, message);
    }
    const took = performance.now() - start;
    await this.turn();
    return [batch - 1, took];
  }

  async roundTrip() {
    const start = performance.now();
    for (let i = 0; i < batch / 8; i++) {
      await this.bob.read(this.alice, await this.alice.write(this.bob));
      await this.turn();
    }
    return [batch / 8, performance.now() - start];
  }

  async bundleUp() {
    const other = new Device('carol', 3);
    const start = performance.now();
    for (let i = 0; i < batch / 8; i++) {
      other.publish();
    }
    return [batch / 8, performance.now() - start];
  }

  async initiate() {
    const start = performance.now();
    for (let i = 0; i < batch / 8; i++) {
      await this.first();
    }
    return [batch / 8, performance.now() - start];
  }

  async accept() {
    const messages = [];
    for (let i = 0; i < batch / 8; i++) {
      messages.push(await this.first());
    }
    const start = performance.now();
    for (const message of messages) {
      this.bob.sessions.held.clear();
      await this.bob.readFirst(this.alice, message);
    }
    return [batch / 8, performance.now() - start];
  }

  async first() {
    this.alice.sessions.held.clear();
    await this.alice.open(this.bundle, this.bob);
    return this.alice.write(this.bob);
  }
}

async function rate(step) {
  const pair = await Pair.create();
  const run = async limit => {
    let [steps, spent] = [0, 0];
    while (spent < limit) {
      const [more, took] = await pair[step]();
      steps += more;
      spent += took;
    }
    return steps / spent * 1000;
  };
  await run(window / 2);
  return run(window);
}

const rates = { peer: `${name} ${version}` };
for (const [name, step] of Object.entries({
  encrypt: 'encrypt', decrypt: 'decrypt', roundTrip: 'roundTrip', bundle: 'bundleUp', initiate: 'initiate', accept: 'accept',
})) {
  rates[name] = await rate(step);
}
console.log(JSON.stringify(rates));
