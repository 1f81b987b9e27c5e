// libsignal's stores over the device's state, and the three things that a device does with them.

import {
  IdentityKeyStore, KyberPreKeyStore, PreKeySignalMessage, PreKeyStore, ProtocolAddress, PublicKey, SessionRecord, SessionStore,
  SignalMessage, SignedPreKeyStore, processPreKeyBundle, signalDecrypt, signalDecryptPreKey, signalEncrypt,
} from '@signalapp/libsignal-client';
import { KeyStock } from './keys.mjs';

const device = 1; // a number has one
const types = { 2: 'message', 3: 'prekey' };

export class Sessions {
  #state;
  #stores;
  #before;

  constructor(state, keys) {
    this.#state = state;
    this.#stores = makeStores(state, keys);
  }

  async open(number, bundle) {
    await processPreKeyBundle(
      KeyStock.readBundle(bundle), this.#address(number), this.#address(this.#state.data.number), this.#stores.sessions, this.#stores.identities);
  }

  async encrypt(number, plaintext) {
    const message = await signalEncrypt(
      plaintext, this.#address(number), this.#address(this.#state.data.number), this.#stores.sessions, this.#stores.identities);
    return { type: types[message.type()], body: Buffer.from(message.serialize()) };
  }

  /** Changes the state; if it throws, forget() takes back whatever it had changed by then. */
  async decrypt(number, type, body) {
    const { sessions, identities, oneTime, signed, kyber } = this.#stores;
    const addresses = [this.#address(number), this.#address(this.#state.data.number)];
    this.#before = structuredClone(this.#state.data);
    return type === 'prekey'
      ? signalDecryptPreKey(PreKeySignalMessage.deserialize(body), ...addresses, sessions, identities, oneTime, signed, kyber)
      : signalDecrypt(SignalMessage.deserialize(body), ...addresses, sessions, identities);
  }

  forget() {
    Object.assign(this.#state.data, this.#before);
  }

  #address(number) {
    return ProtocolAddress.new(number, device);
  }
}

function makeStores(state, keys) {
  const text = bytes => Buffer.from(bytes).toString('base64');
  const bytes = text => Buffer.from(text, 'base64');

  class Sessions extends SessionStore {
    async saveSession(address, record) { state.data.sessions[address.name()] = text(record.serialize()); }
    async getSession(address) {
      const record = state.data.sessions[address.name()];
      return record ? SessionRecord.deserialize(bytes(record)) : null;
    }
    async getExistingSessions(addresses) { return Promise.all(addresses.map(address => this.getSession(address))); }
  }

  // A correspondent's new identity is accepted. A device for people would tell them before it sends.
  class Identities extends IdentityKeyStore {
    async getIdentityKey() { return keys.identity.privateKey; }
    async getLocalRegistrationId() { return keys.registrationId; }
    async isTrustedIdentity() { return true; }
    async getIdentity(address) {
      const key = state.data.identities[address.name()];
      return key ? PublicKey.deserialize(bytes(key)) : null;
    }
    async saveIdentity(address, key) {
      const known = state.data.identities[address.name()];
      state.data.identities[address.name()] = text(key.serialize());
      return Number(known !== undefined && known !== text(key.serialize()));
    }
  }

  class OneTime extends PreKeyStore {
    async savePreKey() { throw new Error('made elsewhere'); }
    async getPreKey(id) { return keys.loadOneTime(id); }
    async removePreKey(id) { keys.removeOneTime(id); }
  }

  class Signed extends SignedPreKeyStore {
    async saveSignedPreKey() { throw new Error('made elsewhere'); }
    async getSignedPreKey(id) { return keys.loadSigned(id); }
  }

  class Kyber extends KyberPreKeyStore {
    async saveKyberPreKey() { throw new Error('made elsewhere'); }
    async getKyberPreKey(id) { return keys.loadKyber(id); }
    async markKyberPreKeyUsed(id, signedId, baseKey) { keys.useKyber(id, signedId, baseKey); }
  }

  return { sessions: new Sessions(), identities: new Identities(), oneTime: new OneTime(), signed: new Signed(), kyber: new Kyber() };
}
