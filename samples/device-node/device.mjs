// A user's device: registers a number, receives what businesses write, says so with receipts, answers.
//
//   node device.mjs --transport URL --number +4915112345678 --code-dir DIR [--state FILE] [--reply TEXT] [--count N] [--wait SECONDS]
//
// The first run registers; later ones go on with the state file. Prints a line of JSON for each thing that happens. Ends with 0
// after --count messages, with 3 when --wait seconds are over before that, and on SIGINT or SIGTERM.

import { randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { ErrorCode } from '@signalapp/libsignal-client';
import { decode, encode } from './content.mjs';
import { KeyStock } from './keys.mjs';
import { Sessions } from './sessions.mjs';
import { State } from './state.mjs';
import { Refusal, Transport } from './transport.mjs';

const options = parse(process.argv.slice(2));
const deadline = options.wait === undefined ? Infinity : Date.now() + options.wait * 1000;
const ending = new AbortController();
process.once('SIGINT', () => ending.abort()).once('SIGTERM', () => ending.abort());

const state = await State.open(options.state);
const transport = new Transport(options.transport, ending.signal);
const keys = new KeyStock(state);
const sessions = new Sessions(state, keys);
let answered = 0;

try {
  await run();
} catch (fault) {
  if (!ending.signal.aborted) {
    throw fault;
  }
}
process.exitCode = answered < (options.count ?? 0) && !ending.signal.aborted ? 3 : 0;

async function run() {
  if (!state.data.credential) {
    await register();
  }
  transport.authenticate(state.data.number, state.data.credential);
  await flush(); // what an earlier run had saved but not sent
  await keepStocked();
  while (Date.now() < deadline && answered < (options.count ?? Infinity)) {
    const wait = Math.max(0, Math.min(30, Math.ceil((deadline - Date.now()) / 1000)));
    const { envelopes } = await transport.fetch(wait);
    for (const envelope of envelopes) {
      await take(envelope);
    }
    if (envelopes.some(envelope => envelope.type === 'prekey')) {
      await keepStocked();
    }
  }
}

// Keys are durable before they are published. A crash before the credential is saved costs a new registration, no more.
async function register() {
  await keys.create();
  const { registrationId } = await transport.startRegistration(options.number);
  const code = await readCode(join(options['code-dir'], registrationId));
  const { credential } = await transport.verifyRegistration(registrationId, options.number, code, keys.toPublish());
  Object.assign(state.data, { number: options.number, credential });
  await keys.published();
  tell('registered', { number: options.number });
}

async function readCode(path) {
  for (;;) {
    const code = await readFile(path, 'utf8').catch(() => '');
    if (/^\d{6}\s*$/.test(code)) {
      return code.trim();
    }
    await delay(100, undefined, { signal: ending.signal });
  }
}

async function keepStocked() {
  const upload = await keys.replenish(await transport.countKeys());
  if (upload) {
    await transport.uploadKeys(upload);
    await keys.published();
    tell('keysUploaded', { oneTimePreKeys: upload.oneTimePreKeys.length });
  }
}

// The session after it, what it says and the answers, sealed, are saved in one write; then it is acknowledged; then they leave.
async function take(envelope) {
  const events = [];
  if (!state.wasSeen(envelope)) {
    try {
      const content = decode(await sessions.decrypt(envelope.from, envelope.type, Buffer.from(envelope.content, 'base64')));
      if (content && state.see(envelope, content)) {
        events.push(...await answer(envelope.from, content));
      }
    } catch (fault) {
      sessions.forget();
      if (fault.code !== ErrorCode.DuplicatedMessage) {
        events.push(['undecryptable', { from: envelope.from, reason: fault.message }]);
        await startAgain(envelope, events);
      }
    }
  }
  await state.save();
  await transport.acknowledge([envelope.handle]);
  for (const [type, detail] of events) {
    tell(type, detail);
  }
  await flush();
}

async function answer(from, content) {
  if (content.receipt) {
    if (content.receipt.status === 'retry') {
      await encryptAgain(from, content.receipt.ids);
    }
    return [['receipt', { from, ...content.receipt }]];
  }
  const events = [['message', { from, id: content.id, text: content.message.text?.body, message: content.message }]];
  await queue(from, { receipt: { status: 'delivered', ids: [content.id] } });
  await queue(from, { receipt: { status: 'read', ids: [content.id] } });
  if (options.reply !== undefined) {
    const id = await queue(from, {
      message: { type: 'text', text: { body: options.reply } }, context: { id: content.id, author: 'business' },
    });
    events.push(['answered', { to: from, id, text: options.reply }]);
  }
  answered++;
  return events;
}

// So that what follows can be read again: the next thing that goes out, which asks for this one again, carries a fresh first message.
async function startAgain({ from, id }, events) {
  try {
    await sessions.open(from, await transport.takeBundle(from));
    await queue(from, { receipt: { status: 'retry', ids: [id] } });
  } catch (fault) {
    events.push(['noSession', { from, reason: fault.message }]);
  }
}

// At most three times, and only for the identity that it was meant for.
async function encryptAgain(to, ids) {
  for (const sent of state.data.sent.filter(sent => sent.to === to && ids.includes(sent.envelope))) {
    if (sent.times < 3 && sent.identity === state.data.identities[to]) {
      sent.times++;
      sent.envelope = randomBytes(8).toString('hex');
      await seal(to, sent.envelope, Buffer.from(sent.content, 'base64'));
    }
  }
}

async function queue(to, part) {
  const id = randomBytes(8).toString('hex');
  const content = encode({ v: 1, id, timestamp: Math.floor(Date.now() / 1000), ...part });
  await seal(to, id, content);
  if (part.message) {
    state.remember({ to, envelope: id, content: content.toString('base64'), identity: state.data.identities[to], times: 0 });
  }
  return id;
}

async function seal(to, id, content) {
  const { type, body } = await sessions.encrypt(to, content);
  state.data.outbox.push({ to, id, type, content: body.toString('base64') });
}

// The same bytes under the same id, however often it takes.
async function flush() {
  while (state.data.outbox.length > 0) {
    try {
      await transport.send(state.data.outbox[0]);
    } catch (fault) {
      if (!(fault instanceof Refusal)) {
        throw fault;
      }
      tell('refused', { to: state.data.outbox[0].to, code: fault.code });
    }
    state.data.outbox.shift();
    await state.save();
  }
}

function tell(type, detail) {
  console.log(JSON.stringify({ type, ...detail }));
}

function parse(words) {
  const parsed = { state: 'device.state.json' };
  for (let i = 0; i < words.length; i += 2) {
    const name = words[i].replace(/^--/, '');
    if (!['transport', 'number', 'code-dir', 'state', 'reply', 'count', 'wait'].includes(name) || words[i + 1] === undefined) {
      console.error(`device: ${words[i]} is no option, or its value is missing`);
      process.exit(2);
    }
    parsed[name] = ['count', 'wait'].includes(name) ? Number(words[i + 1]) : words[i + 1];
  }
  for (const needed of ['transport', 'number', 'code-dir']) {
    if (parsed[needed] === undefined) {
      console.error(`device: --${needed} is needed`);
      process.exit(2);
    }
  }
  return parsed;
}
