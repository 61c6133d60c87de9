/** A certificate authority as a company has one, and certificates by it. */
import 'reflect-metadata';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as x509 from '@peculiar/x509';
import type { Endings } from '../cli/up/endings.ts';
import { temporaryFolder } from './services/temporary-folder.ts';

const ALGORITHM = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' };
const DAY_MS = 86_400_000;

export interface Authority {
  /** its own certificate, PEM */
  readonly file: string;
  /** key and certificate (PEM) of a server with these names */
  certify(...names: string[]): Promise<{ readonly key: string; readonly cert: string }>;
}

/** Its file is removed with the test. */
export async function newAuthority(t: Endings): Promise<Authority> {
  const keys = await crypto.subtle.generateKey(ALGORITHM, true, ['sign', 'verify']);
  const dates = { notBefore: new Date(Date.now() - DAY_MS), notAfter: new Date(Date.now() + DAY_MS) };
  const name = 'CN=Test authority';
  const own = await x509.X509CertificateGenerator.createSelfSigned({
    name,
    keys,
    ...dates,
    signingAlgorithm: ALGORITHM,
    extensions: [new x509.BasicConstraintsExtension(true, 0, true), new x509.KeyUsagesExtension(x509.KeyUsageFlags.keyCertSign, true)],
  });
  const file = join(await temporaryFolder(t), 'ca.pem');
  await writeFile(file, own.toString('pem'));
  return {
    file,
    async certify(...names) {
      const { publicKey, privateKey } = await crypto.subtle.generateKey(ALGORITHM, true, ['sign', 'verify']);
      const alternatives = names.map((value) => ({ type: /^[\d.]+$/u.test(value) ? 'ip' : 'dns', value }) as const);
      const cert = await x509.X509CertificateGenerator.create({
        subject: `CN=${names[0]}`,
        issuer: name,
        publicKey,
        signingKey: keys.privateKey,
        signingAlgorithm: ALGORITHM,
        ...dates,
        extensions: [new x509.SubjectAlternativeNameExtension(alternatives)],
      });
      const key = x509.PemConverter.encode(await crypto.subtle.exportKey('pkcs8', privateKey), 'PRIVATE KEY');
      return { key, cert: cert.toString('pem') };
    },
  };
}
