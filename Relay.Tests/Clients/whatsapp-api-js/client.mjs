// A business on whatsapp-api-js as it comes from npm: sends a text, answers Relay's webhooks with the library's own get and
// post, and answers the first reply. Prints one line of JSON per thing that happened; ends with 0 when all of it has, with 1
// when RELAY_SECONDS are over.
//
// The library knows one host only, so its fetch (a constructor argument) puts Relay in place of https://graph.facebook.com.

import { webcrypto } from 'node:crypto';
import http from 'node:http';
import { WhatsAppAPI } from 'whatsapp-api-js';
import { Text } from 'whatsapp-api-js/messages';

const graph = 'https://graph.facebook.com';
const {
  RELAY_BASE_URL: relay, RELAY_ACCESS_TOKEN: token, RELAY_APP_SECRET: appSecret, RELAY_VERIFY_TOKEN: webhookVerifyToken,
  RELAY_PHONE_NUMBER_ID: phoneNumberId, RELAY_TO: to, RELAY_TEXT: text, RELAY_ANSWER: answerText, RELAY_SECONDS: seconds = '60',
} = process.env;

globalThis.crypto ??= webcrypto; // Node 18: the library verifies with the global one

const ours = []; // ids of the text and of the answer
const told = new Set(); // "status id"
setTimeout(() => end(1, 'not everything happened in time'), Number(seconds) * 1000);
const whatsapp = new WhatsAppAPI({ token, appSecret, webhookVerifyToken, v: 'v25.0', ponyfill: { fetch: toRelay } });

whatsapp.on.status = ({ phoneID, status, id, phone, error, biz_opaque_callback_data: callbackData }) => {
  tell('status', { phoneNumberId: phoneID, status, id, phone, callbackData, error });
  told.add(`${status} ${id}`);
};

whatsapp.on.message = async ({ phoneID, from, name, message, received, reply }) => {
  tell('message', { phoneNumberId: phoneID, from, name, id: message.id, text: message.text?.body, context: message.context?.id });
  tell('markedAsRead', { answer: await received() });
  sent(await reply(new Text(answerText), true));
};

const server = http.createServer(async (request, response) => {
  try {
    if (request.method === 'GET') {
      const challenge = whatsapp.get(Object.fromEntries(new URL(request.url, 'http://127.0.0.1').searchParams));
      tell('handshake', { challenge });
      response.end(challenge, () => start().catch(fault => end(1, fault.stack)));
    } else {
      await take(await bodyOf(request), request.headers['x-hub-signature-256']);
      response.end(() => isDone() && end(0));
    }
  } catch (fault) {
    response.writeHead(fault.httpStatus ?? 500).end(() => end(1, fault.stack));
  }
});
server.listen(0, '127.0.0.1', () => tell('listening', { callbackUrl: `http://127.0.0.1:${server.address().port}/webhook` }));

async function start() {
  sent(await whatsapp.sendMessage(phoneNumberId, to, new Text(text), undefined, 'order-7'));
}

function sent(answer) {
  tell('sent', { answer });
  ours.push(answer.messages[0].id);
}

function isDone() {
  return ours.length === 2 && ours.every(id => told.has(`sent ${id}`) && told.has(`delivered ${id}`));
}

// What the library accepts it must refuse with one character changed.
async function take(body, signature) {
  const changed = body.replace('whatsapp_business_account', 'whatsapp_business_Account');
  const outcome = await whatsapp.post(JSON.parse(changed), changed, signature).then(() => 'accepted', fault => fault.constructor.name);
  tell('changedBody', { isChanged: changed !== body, outcome });
  await whatsapp.post(JSON.parse(body), body, signature);
  tell('verified', { body });
}

async function bodyOf(request) {
  const chunks = [];
  for await (const chunk of request) {
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString();
}

function toRelay(url, init) {
  const { origin, pathname, search } = new URL(url);
  if (origin !== graph) {
    throw new Error(`whatsapp-api-js asked for ${origin}`);
  }
  return fetch(new URL(pathname + search, relay), init);
}

function tell(event, detail) {
  console.log(JSON.stringify({ event, ...detail }));
}

function end(code, reason) {
  if (reason) {
    console.error(reason);
  }
  process.exit(code);
}
