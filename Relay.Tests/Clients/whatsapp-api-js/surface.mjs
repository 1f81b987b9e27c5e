// Everything that whatsapp-api-js can do, as it comes from npm, against Relay; its one host is replaced in its fetch (a constructor argument).

import { webcrypto } from 'node:crypto';
import { WhatsAppAPI } from 'whatsapp-api-js';
import * as m from 'whatsapp-api-js/messages';
import { call, env, links, obey, picture, serve, tell } from '../client-scene.mjs';

globalThis.crypto ??= webcrypto; // Node 18: the library verifies with the global one

const graph = 'https://graph.facebook.com';
const { RELAY_BASE_URL: relay, RELAY_ACCESS_TOKEN: token, RELAY_APP_SECRET: appSecret, RELAY_VERIFY_TOKEN: webhookVerifyToken } = env;
const { RELAY_PHONE_NUMBER_ID: phone, RELAY_TO: to } = env;
const whatsapp = new WhatsAppAPI({ token, appSecret, webhookVerifyToken, v: 'v25.0', ponyfill: { fetch: toRelay } });

whatsapp.on.message = ({ from, name, message }) => tell('message', { from, name, type: message.type, content: message[message.type], context: message.context, id: message.id });
whatsapp.on.status = ({ status, id, phone: recipient, pricing, error }) => tell('status', { status, id, phone: recipient, pricing, error });

serve(async (request, body, query) => {
  if (request.method === 'GET') {
    tell('handshake', {});
    return whatsapp.get(query);
  }
  await whatsapp.post(JSON.parse(body), body, request.headers['x-hub-signature-256']);
  return '';
});

obey({
  async send(wamid) {
    const media = await upload();
    const texts = [
      ['text', new m.Text('Hello https://example.com', true)],
      ['reply', new m.Text('An answer'), wamid],
      ['image', new m.Image(media, true, 'By id')],
      ['image-link', new m.Image(links.picture, false, 'By link')],
      ['location', new m.Location(8.54, 47.37, 'Here', 'There')],
      ['contacts', new m.Contacts([new m.Name('Ada L', 'Ada'), new m.Phone('+41 44 123 45 67', 'WORK', '41441234567'), new m.Email('ada@example.com', 'WORK'), new m.Url('https://example.com', 'WORK'),
        new m.Address('Switzerland', 'ch', 'ZH', 'Zurich', 'Street 1', '8000', 'WORK'), new m.Organization('Engines', 'Maths', 'Head'), new m.Birthday('1815', '12', '10')])],
      ['reaction', new m.Reaction(wamid, '👍')],
      ['reaction-removed', new m.Reaction(wamid)],
      ['buttons', new m.Interactive(new m.ActionButtons(new m.Button('a', 'Yes'), new m.Button('b', 'No')), new m.Body('Well?'), new m.Header('Question'), new m.Footer('Please'))],
      ['list', new m.Interactive(new m.ActionList('Choose', new m.ListSection('One', new m.Row('1', 'First', 'The first'))), new m.Body('Which?'))],
      ['cta', new m.Interactive(new m.ActionCTA('Go', 'https://example.com'), new m.Body('There'))],
      ['flow', new m.Interactive(new m.ActionNavigateFlow('token', '1', 'Start', 'FIRST', { a: 1 }), new m.Body('Flow'))],
      ['location-request', new m.Interactive(new m.ActionLocation(), new m.Body('Where?'))],
      ['product', new m.Interactive(new m.ActionProduct(new m.CatalogProduct('sku', 'catalog')), new m.Body('This'))],
      ['products', new m.Interactive(new m.ActionProductList('catalog', new m.ProductSection('Best', new m.Product('sku'))), new m.Body('These'), new m.Header('Shop'))],
      ['template', new m.Template('greeting', new m.Language('en'), new m.BodyComponent(new m.BodyParameter('Ada')))],
    ];
    for (const [name, message, context] of texts) {
      await call(`sendMessage ${name}`, () => whatsapp.sendMessage(phone, to, message, context, `data-${name}`));
    }
    await call('markAsRead', () => whatsapp.markAsRead(phone, wamid));
    await call('markAsRead typing', () => whatsapp.markAsRead(phone, wamid, 'text'));
    await call('broadcastMessage', async () => ({ answers: await Promise.all(whatsapp.broadcastMessage(phone, [to], () => [{ phone: to }, new m.Text('To many')])) }));
  },

  async manage() {
    const media = await upload();
    const { url } = await call('retrieveMedia', () => whatsapp.retrieveMedia(media, phone));
    await call('fetchMedia', async () => ({ same: picture.equals(Buffer.from(await (await whatsapp.fetchMedia(url)).arrayBuffer())) }));
    await call('deleteMedia', () => whatsapp.deleteMedia(media, phone));
    await call('retrieveMedia deleted', () => whatsapp.retrieveMedia(media));
    const { code } = await call('createQR', () => whatsapp.createQR(phone, 'Hello', 'svg'));
    await call('retrieveQR all', () => whatsapp.retrieveQR(phone));
    await call('updateQR', () => whatsapp.updateQR(phone, code, 'Good evening'));
    await call('retrieveQR', () => whatsapp.retrieveQR(phone, code));
    await call('deleteQR', () => whatsapp.deleteQR(phone, code));
    await call('blockUser', () => whatsapp.blockUser(phone, to));
    await call('sendMessage blocked', () => whatsapp.sendMessage(phone, to, new m.Text('Blocked')));
    await call('unblockUser', () => whatsapp.unblockUser(phone, to));
  },
});

async function upload() {
  const form = new FormData();
  form.set('messaging_product', 'whatsapp');
  form.set('file', new Blob([picture], { type: 'image/png' }), 'a.png');
  return (await call('uploadMedia', () => whatsapp.uploadMedia(phone, form))).id;
}

function toRelay(url, init) {
  const asked = new URL(url);
  return fetch(asked.origin === graph ? new URL(asked.pathname + asked.search, relay) : asked, init);
}
