// @privacyresearch/libsignal-protocol-typescript (GPL-3.0): keys are ArrayBuffers, message bodies strings of bytes, types 1 and 3.

import { webcrypto } from 'node:crypto';

const buffer = bytes => bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength);
const fromBase64 = text => buffer(Buffer.from(text, 'base64'));
const same = (one, other) => Buffer.from(one).equals(Buffer.from(other));

export class Device {
  static async create(api, version, local, remote) {
    api.setWebCrypto(webcrypto);
    return new Device(api, local, remote, await api.KeyHelper.generateIdentityKeyPair());
  }

  #api;
  #local;
  #remote;
  #identity;
  #oneTime = new Map();
  #signed = new Map();
  #trusted;
  #storage;
  #lastId = 0;

  constructor(api, local, remote, identity) {
    this.#api = api;
    this.#local = local;
    this.#remote = new api.SignalProtocolAddress(remote.name, remote.deviceId);
    this.#identity = identity;
    this.#storage = this.#makeStorage();
  }

  identityKey() {
    return this.#identity.pubKey;
  }

  async publish({ oneTime }) {
    const id = ++this.#lastId;
    const signed = await this.#api.KeyHelper.generateSignedPreKey(this.#identity, id);
    this.#signed.set(String(id), signed.keyPair);
    const bundle = {
      registrationId: this.#local.registrationId, deviceId: this.#local.deviceId, identityKey: this.identityKey(),
      signedPreKeyId: id, signedPreKey: signed.keyPair.pubKey, signedPreKeySignature: signed.signature,
    };
    if (oneTime) {
      const key = await this.#api.KeyHelper.generatePreKey(id);
      this.#oneTime.set(String(id), key.keyPair);
      Object.assign(bundle, { preKeyId: id, preKey: key.keyPair.pubKey });
    }
    return bundle;
  }

  async process(bundle) {
    await new this.#api.SessionBuilder(this.#storage, this.#remote).processPreKey({
      registrationId: bundle.registrationId,
      identityKey: fromBase64(bundle.identityKey),
      signedPreKey: {
        keyId: bundle.signedPreKeyId, publicKey: fromBase64(bundle.signedPreKey), signature: fromBase64(bundle.signedPreKeySignature),
      },
      preKey: bundle.preKey ? { keyId: bundle.preKeyId, publicKey: fromBase64(bundle.preKey) } : undefined,
    });
  }

  async encrypt(plaintext) {
    const { type, body } = await this.#cipher().encrypt(buffer(plaintext));
    return { kind: { 1: 'message', 3: 'prekey' }[type], body: Buffer.from(body, 'binary') };
  }

  decrypt(kind, body) {
    return kind === 'message'
      ? this.#cipher().decryptWhisperMessage(buffer(body))
      : this.#cipher().decryptPreKeyWhisperMessage(buffer(body));
  }

  trust(identityKey) {
    this.#trusted = fromBase64(identityKey);
  }

  #cipher() {
    return new this.#api.SessionCipher(this.#storage, this.#remote);
  }

  #makeStorage() {
    const sessions = new Map();
    return {
      getIdentityKeyPair: async () => this.#identity,
      getLocalRegistrationId: async () => this.#local.registrationId,
      isTrustedIdentity: async (id, key) => same(this.#trusted ??= key, key),
      saveIdentity: async (id, key) => { this.#trusted = key; return false; },
      loadPreKey: async id => this.#oneTime.get(String(id)),
      storePreKey: async (id, pair) => { this.#oneTime.set(String(id), pair); },
      removePreKey: async id => { this.#oneTime.delete(String(id)); },
      loadSignedPreKey: async id => this.#signed.get(String(id)),
      storeSignedPreKey: async (id, pair) => { this.#signed.set(String(id), pair); },
      removeSignedPreKey: async id => { this.#signed.delete(String(id)); },
      loadSession: async id => sessions.get(id),
      storeSession: async (id, record) => { sessions.set(id, record); },
    };
  }
}
