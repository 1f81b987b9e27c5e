// libsignal (GPL-3.0), the JavaScript one: keys are Buffers, message bodies strings of bytes, types 1 and 3.

export class Device {
  static create(api, version, local, remote) {
    return new Device(api, local, remote);
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

  constructor(api, local, remote) {
    this.#api = api;
    this.#local = local;
    this.#remote = new api.ProtocolAddress(remote.name, remote.deviceId);
    this.#identity = api.keyhelper.generateIdentityKeyPair();
    this.#storage = this.#makeStorage();
  }

  identityKey() {
    return this.#identity.pubKey;
  }

  publish({ oneTime }) {
    const id = ++this.#lastId;
    const signed = this.#api.keyhelper.generateSignedPreKey(this.#identity, id);
    this.#signed.set(id, signed.keyPair);
    const bundle = {
      registrationId: this.#local.registrationId, deviceId: this.#local.deviceId, identityKey: this.identityKey(),
      signedPreKeyId: id, signedPreKey: signed.keyPair.pubKey, signedPreKeySignature: signed.signature,
    };
    if (oneTime) {
      const key = this.#api.keyhelper.generatePreKey(id);
      this.#oneTime.set(id, key.keyPair);
      Object.assign(bundle, { preKeyId: id, preKey: key.keyPair.pubKey });
    }
    return bundle;
  }

  async process(bundle) {
    const bytes = text => Buffer.from(text, 'base64');
    await new this.#api.SessionBuilder(this.#storage, this.#remote).initOutgoing({
      registrationId: bundle.registrationId,
      identityKey: bytes(bundle.identityKey),
      signedPreKey: {
        keyId: bundle.signedPreKeyId, publicKey: bytes(bundle.signedPreKey), signature: bytes(bundle.signedPreKeySignature),
      },
      preKey: bundle.preKey ? { keyId: bundle.preKeyId, publicKey: bytes(bundle.preKey) } : undefined,
    });
  }

  async encrypt(plaintext) {
    const { type, body } = await this.#cipher().encrypt(plaintext);
    return { kind: { 1: 'message', 3: 'prekey' }[type], body: Buffer.from(body, 'binary') };
  }

  decrypt(kind, body) {
    return kind === 'message' ? this.#cipher().decryptWhisperMessage(body) : this.#cipher().decryptPreKeyWhisperMessage(body);
  }

  trust(identityKey) {
    this.#trusted = Buffer.from(identityKey, 'base64');
  }

  #cipher() {
    return new this.#api.SessionCipher(this.#storage, this.#remote);
  }

  #makeStorage() {
    const sessions = new Map();
    return {
      loadSession: async id => sessions.has(id) ? this.#api.SessionRecord.deserialize(JSON.parse(sessions.get(id))) : undefined,
      storeSession: async (id, record) => { sessions.set(id, JSON.stringify(record.serialize())); },
      isTrustedIdentity: (id, key) => (this.#trusted ??= Buffer.from(key)).equals(key),
      loadPreKey: async id => this.#oneTime.get(Number(id)),
      removePreKey: id => { this.#oneTime.delete(Number(id)); },
      loadSignedPreKey: id => this.#signed.get(Number(id ?? this.#lastId)),
      getOurRegistrationId: () => this.#local.registrationId,
      getOurIdentity: () => this.#identity,
    };
  }
}
