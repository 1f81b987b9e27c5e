// The device's keys, and how they look on the wire: toPublish, replenish and readBundle are the places that know.
//
// EC keys are 33 bytes, Kyber-1024 ones 1569; both kinds of pre-key are signed over these bytes, but for one-time EC keys, which
// aren't signed. lastResortKyberPreKey is the one that stays when kyberPreKeys are used up; it is replaced with signedPreKey.

import {
  IdentityKeyPair, KEMKeyPair, KEMPublicKey, KyberPreKeyRecord, PreKeyBundle, PreKeyRecord, PrivateKey, PublicKey, SignedPreKeyRecord,
} from '@signalapp/libsignal-client';

const week = 7 * 24 * 3600 * 1000;
const keptFor = 67 * 24 * 3600 * 1000;
const low = 20;
const full = { oneTime: 100, kyber: 40 }; // of each in one request at most

const text = bytes => Buffer.from(bytes).toString('base64');
const bytes = text => Buffer.from(text, 'base64');

export class KeyStock {
  #state;

  constructor(state) {
    this.#state = state;
  }

  get #keys() {
    return this.#state.data.keys;
  }

  get identity() {
    return IdentityKeyPair.deserialize(bytes(this.#keys.identity));
  }

  get registrationId() {
    return this.#keys.registrationId;
  }

  async create() {
    this.#state.data.keys = {
      identity: text(IdentityKeyPair.generate().serialize()), registrationId: 1 + Math.floor(Math.random() * 16380),
      nextId: 1, publishedId: 0, signed: {}, oneTime: {}, kyber: {}, lastResort: {}, lastResortUses: [],
    };
    this.#rotate();
    this.#add();
    await this.#state.save();
  }

  toPublish() {
    return { registrationId: this.registrationId, identityKey: text(this.identity.publicKey.serialize()), ...this.#unpublished() };
  }

  /** What to upload, saved already, or null. */
  async replenish({ oneTimePreKeys, kyberPreKeys }) {
    const newest = Math.max(...Object.values(this.#keys.signed).map(key => SignedPreKeyRecord.deserialize(bytes(key)).timestamp()));
    if (Date.now() - newest > week) {
      this.#rotate();
    }
    if ((oneTimePreKeys < low || kyberPreKeys < low) && this.#unpublished().oneTimePreKeys.length === 0) {
      this.#add();
    }
    await this.#state.save();
    const upload = this.#unpublished();
    return upload.signedPreKey || upload.oneTimePreKeys.length > 0 ? upload : null;
  }

  async published() {
    this.#keys.publishedId = this.#keys.nextId - 1;
    await this.#state.save();
  }

  /** A bundle from the transport, as libsignal takes it. */
  static readBundle(bundle) {
    const kyber = bundle.kyberPreKey;
    if (!kyber) {
      throw new Error('the bundle has no Kyber pre-key, and this library opens no session without one');
    }
    return PreKeyBundle.new(
      bundle.registrationId, bundle.deviceId, bundle.oneTimePreKey?.id ?? null,
      bundle.oneTimePreKey ? PublicKey.deserialize(bytes(bundle.oneTimePreKey.publicKey)) : null,
      bundle.signedPreKey.id, PublicKey.deserialize(bytes(bundle.signedPreKey.publicKey)), bytes(bundle.signedPreKey.signature),
      PublicKey.deserialize(bytes(bundle.identityKey)),
      kyber.id, KEMPublicKey.deserialize(bytes(kyber.publicKey)), bytes(kyber.signature));
  }

  // For libsignal's stores. The changes are saved with the session that they open.

  loadOneTime(id) {
    return PreKeyRecord.deserialize(found(this.#keys.oneTime[id], id));
  }

  removeOneTime(id) {
    delete this.#keys.oneTime[id];
  }

  loadSigned(id) {
    return SignedPreKeyRecord.deserialize(found(this.#keys.signed[id], id));
  }

  loadKyber(id) {
    return KyberPreKeyRecord.deserialize(found(this.#keys.kyber[id] ?? this.#keys.lastResort[id], id));
  }

  /** A one-time key goes. The last resort stays, but not for the same first message twice. */
  useKyber(id, signedId, baseKey) {
    if (this.#keys.kyber[id]) {
      delete this.#keys.kyber[id];
      return;
    }
    const use = `${id} ${signedId} ${text(baseKey.serialize())}`;
    if (this.#keys.lastResortUses.includes(use)) {
      throw new Error('a repeated first message');
    }
    this.#keys.lastResortUses.push(use);
  }

  #rotate() {
    const key = PrivateKey.generate();
    const id = this.#keys.nextId++;
    this.#keys.signed[id] = text(
      SignedPreKeyRecord.new(id, Date.now(), key.getPublicKey(), key, this.#sign(key.getPublicKey())).serialize());
    this.#makeKyber(this.#keys.lastResort);
    for (const [old, record] of Object.entries(this.#keys.signed)) {
      if (Date.now() - SignedPreKeyRecord.deserialize(bytes(record)).timestamp() > keptFor) {
        delete this.#keys.signed[old];
      }
    }
    for (const [old, record] of Object.entries(this.#keys.lastResort)) {
      if (Date.now() - KyberPreKeyRecord.deserialize(bytes(record)).timestamp() > keptFor) {
        delete this.#keys.lastResort[old];
        this.#keys.lastResortUses = this.#keys.lastResortUses.filter(use => !use.startsWith(`${old} `));
      }
    }
  }

  #add() {
    for (let i = 0; i < full.oneTime; i++) {
      const key = PrivateKey.generate();
      const id = this.#keys.nextId++;
      this.#keys.oneTime[id] = text(PreKeyRecord.new(id, key.getPublicKey(), key).serialize());
    }
    for (let i = 0; i < full.kyber; i++) {
      this.#makeKyber(this.#keys.kyber);
    }
  }

  #makeKyber(where) {
    const pair = KEMKeyPair.generate();
    const id = this.#keys.nextId++;
    where[id] = text(KyberPreKeyRecord.new(id, Date.now(), pair, this.#sign(pair.getPublicKey())).serialize());
  }

  #sign(key) {
    return this.identity.privateKey.sign(key.serialize());
  }

  #unpublished() {
    const fresh = (records, type) => Object.entries(records)
      .filter(([id]) => Number(id) > this.#keys.publishedId).map(([, record]) => type.deserialize(bytes(record)));
    const plain = key => ({ id: key.id(), publicKey: text(key.publicKey().serialize()) });
    const signed = key => ({ ...plain(key), signature: text(key.signature()) });
    return {
      signedPreKey: fresh(this.#keys.signed, SignedPreKeyRecord).map(signed).at(-1),
      lastResortKyberPreKey: fresh(this.#keys.lastResort, KyberPreKeyRecord).map(signed).at(-1),
      oneTimePreKeys: fresh(this.#keys.oneTime, PreKeyRecord).map(plain),
      kyberPreKeys: fresh(this.#keys.kyber, KyberPreKeyRecord).map(signed),
    };
  }
}

function found(record, id) {
  if (!record) {
    throw new Error(`there is no pre-key ${id}`);
  }
  return bytes(record);
}
