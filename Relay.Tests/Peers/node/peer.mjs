// One Signal device of somebody else's making, with one correspondent, in a process of its own.
//
//   node peer.mjs FOLDER        FOLDER holds the package.json and the node_modules that ./relay installed
//
// One line of JSON in, one line of JSON out, in order. Bytes are base64. A refusal is an answer, not an end.
//
//   {"op":"identity","local":{"name","deviceId","registrationId"},"remote":{"name","deviceId"}}   → {"identityKey"}   again: a reinstalled device
//   {"op":"publish","oneTime":true,"kyber":true}                                                   → the bundle, ids and public keys
//   {"op":"process","bundle":{…}}                                                                  → {}
//   {"op":"encrypt","plaintext"}                                                                   → {"kind":"prekey"|"message","body"}
//   {"op":"decrypt","kind","body"}                                                                 → {"plaintext"}
//   {"op":"trust","identityKey"}                                                                   → {}   accept this key of the correspondent
//
// The adapters use documented interfaces only (README files and type declarations).

import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { pathToFileURL } from 'node:url';

// Some peers print what they do, session keys included, to the console.
for (const name of ['log', 'info', 'warn', 'error', 'debug', 'trace']) {
  console[name] = () => {};
}

const adapters = {
  '@signalapp/libsignal-client': './libsignal-client.mjs',
  libsignal: './libsignal-js.mjs',
  '@privacyresearch/libsignal-protocol-typescript': './privacyresearch.mjs',
};

const folder = process.argv[2];
const require = createRequire(join(folder, 'package.json'));
const [name, version] = Object.entries(JSON.parse(readFileSync(join(folder, 'package.json'))).dependencies)[0];
const library = await import(pathToFileURL(require.resolve(name)));
const { Device } = await import(adapters[name]);
const api = library.default && library.SessionCipher === undefined && library.signalEncrypt === undefined ? library.default : library;

let device;
const operations = {
  identity: async request => {
    device = await Device.create(api, version, request.local, request.remote);
    return { identityKey: device.identityKey() };
  },
  publish: request => device.publish(request),
  process: request => device.process(request.bundle),
  encrypt: request => device.encrypt(Buffer.from(request.plaintext, 'base64')),
  decrypt: async request => ({ plaintext: await device.decrypt(request.kind, Buffer.from(request.body, 'base64')) }),
  trust: request => device.trust(request.identityKey),
};

const base64 = (key, value) => {
  const bytes = value?.type === 'Buffer' ? Buffer.from(value.data) : value;
  return bytes instanceof Uint8Array || bytes instanceof ArrayBuffer ? Buffer.from(bytes).toString('base64') : bytes;
};

const tell = answer => process.stdout.write(JSON.stringify(answer, base64) + '\n');

tell({ ok: true, peer: `${name}@${version}` });
for await (const line of createInterface({ input: process.stdin })) {
  try {
    const request = JSON.parse(line);
    tell({ ok: true, ...await operations[request.op](request) });
  } catch (fault) {
    tell({ ok: false, error: `${fault?.name ?? 'Error'}: ${fault?.message ?? fault}` });
  }
}
