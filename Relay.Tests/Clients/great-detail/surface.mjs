// Everything that @great-detail/whatsapp can do, as it comes from npm, against Relay: it sends headers, members and queries that no document asks for.

import { Client } from '@great-detail/whatsapp';
import { call, env, obey, picture, serve, tell } from '../client-scene.mjs';

const { RELAY_BASE_URL: relay, RELAY_ACCESS_TOKEN: token, RELAY_APP_SECRET: appSecret, RELAY_VERIFY_TOKEN: verifyToken } = env;
const { RELAY_PHONE_NUMBER_ID: phoneNumberID, RELAY_TO: to, RELAY_WABA_ID: businessAccountID } = env;
const headers = { Authorization: `Bearer ${token}` };
const sdk = new Client({ baseUrl: relay, graphVersion: 'v23.0', request: { headers, retry: 0 } });
const json = promise => promise.then(response => response.json());

serve(async (request, body, query) => {
  if (request.method === 'GET') {
    const registration = await sdk.webhook.register({ method: request.method, query });
    tell('handshake', {});
    return registration.verifyToken === verifyToken ? registration.accept() : registration.reject();
  }
  const notification = await sdk.webhook.eventNotification({ method: request.method, headers: request.headers, body });
  await notification.verifySignature(appSecret);
  const { messages = [], statuses = [] } = notification.eventNotification.entry[0].changes[0].value;
  messages.forEach(message => tell('message', { from: message.from, type: message.type, content: message[message.type], context: message.context, id: message.id }));
  statuses.forEach(({ id, status, recipient_id: recipient, pricing, errors }) => tell('status', { status, id, phone: recipient, pricing, error: errors?.[0] }));
  return notification.accept() ?? '';
});

obey({
  async send(wamid) {
    const { id } = await upload();
    const messages = [
      ['text', { type: 'text', text: { body: 'Hello', preview_url: false } }],
      ['reply', { type: 'text', text: { body: 'An answer' }, context: { message_id: wamid } }],
      ['image', { type: 'image', image: { id, caption: 'By id' } }],
      ['document', { type: 'document', document: { id, filename: 'a.png', caption: 'A file' } }],
      ['location', { type: 'location', location: { latitude: 47.37, longitude: 8.54, name: 'Here', address: 'There' } }],
      ['contacts', { type: 'contacts', contacts: [{ name: { formatted_name: 'Ada L', first_name: 'Ada' }, phones: [{ phone: '+41 44 123 45 67', type: 'WORK' }] }] }],
      ['reaction', { type: 'reaction', reaction: { message_id: wamid, emoji: '👍' } }],
      ['buttons', { type: 'interactive', interactive: { type: 'button', body: { text: 'Well?' }, action: { buttons: [{ type: 'reply', reply: { id: 'a', title: 'Yes' } }] } } }],
      ['list', { type: 'interactive', interactive: { type: 'list', body: { text: 'Which?' }, action: { button: 'Choose', sections: [{ title: 'One', rows: [{ id: '1', title: 'First' }] }] } } }],
      ['template', { type: 'template', template: { name: 'greeting', language: { code: 'en', policy: 'deterministic' }, components: [{ type: 'body', parameters: [{ type: 'text', text: 'Ada' }] }] } }],
    ];
    for (const [name, message] of messages) {
      await call(`createMessage ${name}`, () => json(sdk.message.createMessage({ phoneNumberID, to, ...message })));
    }
    await call('createStatus', () => json(sdk.message.createStatus({ phoneNumberID, status: 'read', message_id: wamid })));
  },

  async manage() {
    const { id: mediaID } = await upload();
    const { url: mediaURL } = await call('getURL', () => json(sdk.media.getURL({ mediaID, phoneNumberID })));
    await call('download', async () => ({ same: picture.equals(Buffer.from(await (await sdk.media.download({ mediaURL, request: { headers } })).arrayBuffer())) }));
    await call('delete media', () => json(sdk.media.delete({ mediaID, phoneNumberID })));
    await call('updateBusinessProfile', () => json(sdk.businessProfile.updateBusinessProfile({ phoneNumberID, about: 'We answer', email: 'a@example.com', websites: ['https://example.com'], vertical: 'OTHER' })));
    await call('getBusinessProfile', () => json(sdk.businessProfile.getBusinessProfile({ phoneNumberID, fields: ['about', 'email', 'websites'] })));
    await call('setConversationalAutomation', () => json(sdk.conversationalAutomation.setConversationalAutomation({ phoneNumberID, enable_welcome_message: true, prompts: ['Book'], commands: [{ command_name: 'help', command_description: 'Helps' }] })));
    await call('getPhoneNumber', () => json(sdk.phoneNumbers.getPhoneNumber({ phoneNumberID, fields: ['id', 'display_phone_number', 'verified_name', ['conversational_automation', ['prompts', 'commands']]] })));
    await call('listPhoneNumbers', () => json(sdk.phoneNumbers.listPhoneNumbers({ businessAccountID, fields: ['id'], sort: 'creation_time_descending' })));
    await call('updatePhoneNumber', () => json(sdk.phoneNumbers.updatePhoneNumber({ phoneNumberID, new_display_name: 'Another' })));
    await call('createSubscription', () => json(sdk.subscribedApps.createSubscription({ businessAccountID })));
    await call('listSubscriptions', () => json(sdk.subscribedApps.listSubscriptions({ businessAccountID })));
    const template = await call('create template', () => json(sdk.template.create(businessAccountID, { name: 'order', language: 'en', category: 'UTILITY', components: [{ type: 'BODY', text: 'Your order is here' }] })));
    await call('get template', () => json(sdk.template.get(template.id, { fields: ['name', 'status'] })));
    await call('update template', () => json(sdk.template.update(template.id, { components: [{ type: 'BODY', text: 'Your order has come' }] })));
    await call('list templates', () => json(sdk.template.list(businessAccountID, { status: ['APPROVED'], category: ['UTILITY'], limit: 10, fields: ['name'] })));
    await call('delete template', () => json(sdk.template.delete(businessAccountID, { name: 'order' })));
    await call('list library', () => json(sdk.template.listLibrary({ search: 'order', limit: 1 })));
    await call('get account', () => json(sdk.whatsappBusinessAccount.get(businessAccountID, { fields: ['id', 'name'] })));
  },
});

async function upload() {
  return call('upload', () => json(sdk.media.upload({ phoneNumberID, file: new Blob([picture], { type: 'image/png' }), filename: 'a.png', mimeType: 'image/png' })));
}
