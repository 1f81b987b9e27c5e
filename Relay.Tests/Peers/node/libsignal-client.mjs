// @signalapp/libsignal-client (AGPL-3.0), of any version: the calls changed their arguments over time.

export class Device {
  static create(api, version, local, remote) {
    return new Device(api, Number(version.split('.')[1]), local, remote);
  }

  #api;
  #minor;
  #local;
  #remote;
  #here;
  #identity;
  #stores;
  #lastId = 0;

  constructor(api, minor, local, remote) {
    this.#api = api;
    this.#minor = minor;
    this.#local = local;
    this.#here = api.ProtocolAddress.new(local.name, local.deviceId);
    this.#remote = api.ProtocolAddress.new(remote.name, remote.deviceId);
    this.#identity = api.PrivateKey.generate();
    this.#stores = makeStores(api, minor, this.#identity, local.registrationId);
  }

  identityKey() {
    return this.#identity.getPublicKey().serialize();
  }

  async publish({ oneTime, kyber }) {
    const { PrivateKey, PreKeyRecord, SignedPreKeyRecord, KyberPreKeyRecord, KEMKeyPair } = this.#api;
    const id = ++this.#lastId;
    const now = Date.now();
    const signed = PrivateKey.generate();
    const signedPreKeySignature = this.#sign(signed.getPublicKey());
    await this.#stores.signed.saveSignedPreKey(id, SignedPreKeyRecord.new(id, now, signed.getPublicKey(), signed, signedPreKeySignature));
    const bundle = {
      registrationId: this.#local.registrationId, deviceId: this.#local.deviceId, identityKey: this.identityKey(),
      signedPreKeyId: id, signedPreKey: signed.getPublicKey().serialize(), signedPreKeySignature,
    };
    if (oneTime) {
      const key = PrivateKey.generate();
      await this.#stores.oneTime.savePreKey(id, PreKeyRecord.new(id, key.getPublicKey(), key));
      Object.assign(bundle, { preKeyId: id, preKey: key.getPublicKey().serialize() });
    }
    if (kyber) {
      const pair = KEMKeyPair.generate();
      const kyberPreKeySignature = this.#sign(pair.getPublicKey());
      await this.#stores.kyber.saveKyberPreKey(id, KyberPreKeyRecord.new(id, now, pair, kyberPreKeySignature));
      Object.assign(bundle, { kyberPreKeyId: id, kyberPreKey: pair.getPublicKey().serialize(), kyberPreKeySignature });
    }
    return bundle;
  }

  async process(bundle) {
    const { PreKeyBundle, PublicKey, KEMPublicKey, processPreKeyBundle } = this.#api;
    const bytes = text => Buffer.from(text, 'base64');
    const values = [
      bundle.registrationId, bundle.deviceId, bundle.preKeyId ?? null, bundle.preKey ? PublicKey.deserialize(bytes(bundle.preKey)) : null,
      bundle.signedPreKeyId, PublicKey.deserialize(bytes(bundle.signedPreKey)), bytes(bundle.signedPreKeySignature),
      PublicKey.deserialize(bytes(bundle.identityKey)),
    ];
    if (bundle.kyberPreKey) {
      values.push(bundle.kyberPreKeyId, KEMPublicKey.deserialize(bytes(bundle.kyberPreKey)), bytes(bundle.kyberPreKeySignature));
    }
    await processPreKeyBundle(PreKeyBundle.new(...values), ...this.#addresses(94), this.#stores.session, this.#stores.identity);
  }

  async encrypt(plaintext) {
    const message = await this.#api.signalEncrypt(plaintext, ...this.#addresses(91), this.#stores.session, this.#stores.identity);
    const kind = { 2: 'message', 3: 'prekey' }[message.type()];
    return { kind, body: message.serialize() };
  }

  decrypt(kind, body) {
    const { SignalMessage, PreKeySignalMessage, signalDecrypt, signalDecryptPreKey } = this.#api;
    const { session, identity, oneTime, signed, kyber } = this.#stores;
    return kind === 'message'
      ? signalDecrypt(SignalMessage.deserialize(body), ...this.#addresses(94), session, identity)
      : signalDecryptPreKey(
        PreKeySignalMessage.deserialize(body), ...this.#addresses(91), session, identity, oneTime, signed, ...kyber ? [kyber] : []);
  }

  async trust(identityKey) {
    await this.#stores.identity.saveIdentity(this.#remote, this.#api.PublicKey.deserialize(Buffer.from(identityKey, 'base64')));
  }

  #sign(key) {
    return this.#identity.sign(key.serialize());
  }

  /** Since some version a call takes our own address beside the other one. */
  #addresses(since) {
    return this.#minor >= since ? [this.#remote, this.#here] : [this.#remote];
  }
}

/** In memory. Records go in as bytes and come out as bytes, as they would on a disk. */
export function makeStores(api, minor, identity, registrationId) {
  const { SessionStore, IdentityKeyStore, PreKeyStore, SignedPreKeyStore, KyberPreKeyStore } = api;
  const key = address => `${address.name()}.${address.deviceId()}`;
  const take = (map, id, record) => {
    const bytes = map.get(id);
    if (!bytes) {
      throw new Error(`no pre-key ${id}`);
    }
    return record.deserialize(bytes);
  };

  class Sessions extends SessionStore {
    #records = new Map();
    async saveSession(address, record) { this.#records.set(key(address), record.serialize()); }
    async getSession(address) {
      const bytes = this.#records.get(key(address));
      return bytes ? api.SessionRecord.deserialize(bytes) : null;
    }
    async getExistingSessions(addresses) { return Promise.all(addresses.map(address => this.getSession(address))); }
  }

  class Identities extends IdentityKeyStore {
    #known = new Map();
    async getIdentityKey() { return identity; }
    async getLocalRegistrationId() { return registrationId; }
    async getIdentity(address) { return this.#known.get(key(address)) ?? null; }
    async isTrustedIdentity(address, theirs) {
      const known = this.#known.get(key(address));
      return !known || Buffer.from(known.serialize()).equals(Buffer.from(theirs.serialize()));
    }
    async saveIdentity(address, theirs) {
      const known = this.#known.get(key(address));
      const replaces = Boolean(known) && !Buffer.from(known.serialize()).equals(Buffer.from(theirs.serialize()));
      this.#known.set(key(address), theirs);
      return minor >= 72 ? Number(replaces) : replaces;
    }
  }

  class OneTime extends PreKeyStore {
    #records = new Map();
    async savePreKey(id, record) { this.#records.set(id, record.serialize()); }
    async getPreKey(id) { return take(this.#records, id, api.PreKeyRecord); }
    async removePreKey(id) { this.#records.delete(id); }
  }

  class Signed extends SignedPreKeyStore {
    #records = new Map();
    async saveSignedPreKey(id, record) { this.#records.set(id, record.serialize()); }
    async getSignedPreKey(id) { return take(this.#records, id, api.SignedPreKeyRecord); }
  }

  const stores = { session: new Sessions(), identity: new Identities(), oneTime: new OneTime(), signed: new Signed(), kyber: null };
  if (KyberPreKeyStore) {
    class Kyber extends KyberPreKeyStore {
      #records = new Map();
      async saveKyberPreKey(id, record) { this.#records.set(id, record.serialize()); }
      async getKyberPreKey(id) { return take(this.#records, id, api.KyberPreKeyRecord); }
      async markKyberPreKeyUsed() {}
    }
    stores.kyber = new Kyber();
  }
  return stores;
}
