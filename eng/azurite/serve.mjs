// Runs the storage emulator for as long as somebody needs it, with three storage accounts: the relay's, the transport's and the business manager's.
//
//   node serve.mjs --location DIR [--discard DIR]
//       prints one line of JSON, {"relayStorage", "transportStorage", "managerStorage", "pid"}, and ends when its standard input does.
//   node serve.mjs --location DIR [--discard DIR] -- COMMAND ARGUMENTS...
//       runs the command with the environment variables RelayStorage, TransportStorage and ManagerStorage and ends with its exit code.
//
// Data and account keys stay in the location, so that it can be opened again; --discard removes a folder at the end.
// Three processes, one a service: a stall of one doesn't stop the others, and queues are several times faster.
// Nothing outlives this program, not even when it is killed: each service holds a channel to it (child.cjs),
// and a watchdog holds a pipe from it and ends the command.

import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import fs from 'node:fs';
import http from 'node:http';
import { constants } from 'node:os';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

const here = path.dirname(fileURLToPath(import.meta.url));
const services = ['blob', 'queue', 'table'];
const accounts = { relayStorage: 'relaydev', transportStorage: 'transportdev', managerStorage: 'managerdev' };
const azuriteGrace = 10_000;
const commandGrace = 30_000;

const options = readArguments(process.argv.slice(2));
const lockFile = path.join(options.location, 'pids');
const running = new Map(); // service name → child process
let command = null;
let watchdog = null;
let locked = false;
let starting = false; // a line without its end is on the screen
let ending = false;

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
  process.on(signal, () => (ending ? command?.kill('SIGKILL') : end(128 + constants.signals[signal])));
}
process.on('uncaughtException', fault => end(1, fault.stack));
process.on('unhandledRejection', fault => end(1, fault?.stack ?? fault));

try {
  if (!options.command) {
    process.stdin.on('end', () => end(0)).on('error', () => end(0)).resume();
    process.stdout.on('error', () => end(1));
  }
  const ready = await start();
  if (!ending) {
    options.command ? runCommand(ready) : console.log(JSON.stringify({ ...ready, pid: process.pid }));
  }
} catch (fault) {
  await end(1, fault.message);
}

async function start() {
  const began = Date.now();
  if (options.command) {
    starting = true;
    process.stderr.write('Starting Azurite … ');
  }
  fs.mkdirSync(options.location, { recursive: true, mode: 0o700 });
  await lock();
  const keys = accountKeys();
  const ports = await Promise.all(services.map(service => startService(service, keys)));
  writeLock();
  await Promise.all(ports.map(answers));
  if (options.command && !ending) {
    starting = false;
    process.stderr.write(`${Math.round((Date.now() - began) / 1000)} s\n`);
  }
  const connectionString = account => [
    'DefaultEndpointsProtocol=http', `AccountName=${account}`, `AccountKey=${keys[account]}`,
    ...services.map((service, i) => `${service[0].toUpperCase()}${service.slice(1)}Endpoint=http://127.0.0.1:${ports[i]}/${account}`),
  ].join(';') + ';';
  return Object.fromEntries(Object.entries(accounts).map(([name, account]) => [name, connectionString(account)]));
}

// Resolves with the port. Detached: Ctrl-C in a terminal reaches this program only, which then ends things in order.
function startService(service, keys) {
  const main = path.join(here, 'node_modules', 'azurite', 'dist', 'src', service, 'main.js');
  if (!fs.existsSync(main)) {
    throw new Error('Azurite is not installed: run ./relay setup');
  }
  const folder = path.join(options.location, service);
  fs.mkdirSync(folder, { recursive: true });
  const log = fs.openSync(path.join(options.location, `${service}.log`), 'w');
  const child = spawn(process.execPath, [
    '--require', path.join(here, 'child.cjs'), main, '--location', folder,
    `--${service}Host`, '127.0.0.1', `--${service}Port`, '0',
    '--skipApiVersionCheck', '--disableTelemetry', '--silent',
  ], {
    detached: true,
    stdio: ['ignore', log, log, 'ipc'],
    env: { ...process.env, AZURITE_ACCOUNTS: Object.entries(keys).map(pair => pair.join(':')).join(';') },
  });
  fs.closeSync(log);
  running.set(service, child);
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('message', message => resolve(message.port));
    child.once('exit', (code, signal) => {
      running.delete(service);
      end(1, `azurite-${service} ended (${signal ?? `exit code ${code}`})${tail(service)}`);
    });
  });
}

function runCommand(ready) {
  command = spawn(options.command[0], options.command.slice(1), {
    detached: true,
    stdio: ['ignore', 'inherit', 'inherit'],
    env: { ...process.env, RelayStorage: ready.relayStorage, TransportStorage: ready.transportStorage, ManagerStorage: ready.managerStorage },
  });
  command.once('error', fault => {
    command = null;
    end(1, `${options.command[0]}: ${fault.message}`);
  });
  command.once('exit', (code, signal) => {
    command = null;
    end(code ?? 128 + constants.signals[signal], signal && !ending ? `the program was ended by ${signal}` : undefined);
  });
  if (command.pid) {
    watchdog = spawn('/bin/sh', ['-c',
      'cat >/dev/null; kill -TERM "$1" || exit; for s in $(seq 30); do sleep 1; kill -0 "$1" || exit; done; kill -KILL "$1"',
      'relay-watchdog', String(command.pid),
    ], { detached: true, stdio: ['pipe', 'ignore', 'ignore'] });
    watchdog.once('error', () => {});
    watchdog.stdin.on('error', () => {});
  }
}

// The first reason to end wins. The command goes first and Azurite after it, since the command may still be saving.
async function end(code, message) {
  if (ending) {
    return;
  }
  ending = true;
  if (message) {
    process.stderr.write(`${starting ? '\n' : ''}relay: ${message}\n`);
  }
  if (command) {
    process.stderr.write('\nStopping …\n');
    await stopped(command, commandGrace, () => command.kill('SIGTERM'));
  }
  watchdog?.kill('SIGKILL');
  await Promise.all([...running.values()].map(child => stopped(child, azuriteGrace, () => child.connected && child.disconnect())));
  if (locked) {
    fs.rmSync(lockFile, { force: true });
  }
  if (options.discard) {
    fs.rmSync(options.discard, { recursive: true, force: true });
  }
  process.exit(code);
}

async function stopped(child, grace, ask) {
  const gone = new Promise(resolve => child.once('exit', resolve));
  ask();
  const forced = setTimeout(() => child.kill('SIGKILL'), grace);
  await gone;
  clearTimeout(forced);
}

// Keeps the keys that are there: a location of an earlier version may lack an account.
function accountKeys() {
  const file = path.join(options.location, 'accounts.json');
  const kept = fs.existsSync(file) ? JSON.parse(fs.readFileSync(file, 'utf8')) : {};
  const missing = Object.values(accounts).filter(account => !kept[account]);
  if (missing.length === 0) {
    return kept;
  }
  const keys = { ...kept, ...Object.fromEntries(missing.map(account => [account, randomBytes(64).toString('base64')])) };
  fs.writeFileSync(`${file}.new`, JSON.stringify(keys), { mode: 0o600 });
  fs.renameSync(`${file}.new`, file);
  return keys;
}

// Two Azurites on one folder would overwrite each other's data. Services whose parent was killed get time to save theirs.
async function lock() {
  for (let waited = 0; ; waited += 100) {
    try {
      fs.writeFileSync(lockFile, String(process.pid), { flag: 'wx' });
      locked = true;
      return;
    } catch (fault) {
      if (fault.code !== 'EEXIST') {
        throw fault;
      }
    }
    const [owner, ...left] = fs.readFileSync(lockFile, 'utf8').split(' ').map(Number).filter(pid => pid > 0);
    if ((owner && alive(owner)) || waited > azuriteGrace) {
      throw new Error(`${options.location} is in use by process ${owner} (if that is not Relay, delete ${lockFile})`);
    }
    if (left.some(alive)) {
      await delay(100);
    } else {
      fs.rmSync(lockFile, { force: true });
    }
  }
}

function writeLock() {
  fs.writeFileSync(lockFile, [process.pid, ...[...running.values()].map(child => child.pid)].join(' '));
}

function alive(pid) {
  try {
    return process.kill(pid, 0);
  } catch (fault) {
    return fault.code === 'EPERM';
  }
}

async function answers(port) {
  for (let attempt = 0; !ending && attempt < 100; attempt++) {
    const answered = await new Promise(resolve => {
      http.get({ host: '127.0.0.1', port, agent: false }, response => resolve(response.resume())).on('error', () => resolve(null));
    });
    if (answered) {
      return;
    }
    await delay(50);
  }
}

function tail(service) {
  const text = fs.readFileSync(path.join(options.location, `${service}.log`), 'utf8').trim();
  return text ? `:\n${text.split('\n').slice(-15).join('\n')}` : '';
}

function readArguments(given) {
  const read = { location: null, discard: null, command: null };
  for (let i = 0; i < given.length; i++) {
    if (given[i] === '--' && given.length > i + 1) {
      return { ...read, command: given.slice(i + 1) };
    }
    if ((given[i] === '--location' || given[i] === '--discard') && given.length > i + 1) {
      read[given[i].slice(2)] = path.resolve(given[++i]);
    } else {
      process.stderr.write(`relay: serve.mjs: unexpected "${given[i]}"\n`);
      process.exit(2);
    }
  }
  if (!read.location) {
    process.stderr.write('relay: serve.mjs: --location DIR is required\n');
    process.exit(2);
  }
  return read;
}
