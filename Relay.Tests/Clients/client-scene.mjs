// What the scripts beside this one share: events go out as lines of JSON, commands come in as lines, and the business's webhook is a server here.

import http from 'node:http';
import readline from 'node:readline';

export const env = process.env;
export const picture = Buffer.from('89504e470d0a1a0a0000000d49484452', 'hex');

export function tell(event, detail) {
  console.log(JSON.stringify({ event, ...detail }));
}

// Runs one call of the library and tells what came of it; the answer, or undefined when it was refused.
export async function call(name, run) {
  try {
    const answer = await run();
    tell('call', { name, answer });
    return answer;
  } catch (fault) {
    const response = fault.response ?? fault.httpResponse;
    const body = fault.data ?? fault.error ?? (await response?.clone?.().json().catch(() => undefined));
    tell('call', { name, status: response?.status, code: body?.error?.code ?? body?.code, fault: `${fault}` });
    return undefined;
  }
}

// Serves a picture to whoever follows a link, and hands webhooks to take(request, body, query), whose answer is sent.
export function serve(take) {
  const server = http.createServer(async (request, response) => {
    const { pathname, searchParams } = new URL(request.url, 'http://127.0.0.1');
    if (pathname === '/a.png') {
      response.writeHead(200, { 'Content-Type': 'image/png' }).end(picture);
      return;
    }
    try {
      const chunks = [];
      for await (const chunk of request) {
        chunks.push(chunk);
      }
      response.end(await take(request, Buffer.concat(chunks).toString(), Object.fromEntries(searchParams)));
    } catch (fault) {
      tell('refused', { fault: `${fault.stack}` });
      response.writeHead(500).end();
    }
  });
  server.listen(0, '127.0.0.1', () => {
    links.picture = `http://127.0.0.1:${server.address().port}/a.png`;
    tell('listening', { callbackUrl: `http://127.0.0.1:${server.address().port}/webhook` });
  });
}

export const links = {};

// Runs what is asked for by name; ends with the input.
export function obey(commands) {
  readline.createInterface({ input: process.stdin })
    .on('line', async line => {
      const [name, ...rest] = line.split(' ');
      await commands[name](...rest);
      tell('done', { name });
    })
    .on('close', () => process.exit(0));
}
