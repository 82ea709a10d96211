// Which image has the runtime alone.

import { expect, test } from 'bun:test';
import { javaRelease, jreImageOf } from './jre.ts';

test.each([
  ['eclipse-temurin:17-jdk', 'eclipse-temurin:17-jre'],
  ['eclipse-temurin:17-jdk-jammy', 'eclipse-temurin:17-jre-jammy'],
  ['eclipse-temurin:17.0.9_9-jdk@sha256:00', 'eclipse-temurin:17-jre'],
  ['maven:3-eclipse-temurin-17', 'eclipse-temurin:17-jre'],
  ['maven:3.9.6-eclipse-temurin-17-focal', 'eclipse-temurin:17-jre-focal'],
  ['maven:3.8', 'eclipse-temurin:17-jre'],
  ['maven', 'eclipse-temurin:17-jre'],
  ['maven:3-amazoncorretto-17', undefined],
  ['maven:3-ibm-semeru-17', 'ibm-semeru-runtimes:open-17-jre'],
  ['gradle:8-jdk17', 'eclipse-temurin:17-jre'],
  ['openjdk:17', 'eclipse-temurin:17-jre'],
  [
    'mirror.example.com:5000/library/openjdk:17-slim',
    'mirror.example.com:5000/library/eclipse-temurin:17-jre',
  ],
  ['azul/zulu-openjdk:17', 'azul/zulu-openjdk:17-jre'],
  ['bellsoft/liberica-openjdk-debian:17', 'bellsoft/liberica-openjre-debian:17'],
  ['amazoncorretto:17', undefined],
  ['example.com/own-java', undefined],
])('%s: %s', (reference, image) => expect(jreImageOf({ reference, release: 17, alpine: false })).toBe(image));

test('on Alpine, and of releases that openjdk had one of', () => {
  const of = (reference: string, release: number, alpine = false) =>
    jreImageOf({ reference, release, alpine });
  expect(of('gradle:8-jdk21-alpine', 21, true)).toBe('eclipse-temurin:21-jre-alpine');
  expect(of('openjdk:11-jdk-slim', 11)).toBe('openjdk:11-jre-slim');
  expect(of('openjdk:8', 8)).toBe('openjdk:8-jre');
});

test.each([
  ['IMPLEMENTOR="Debian"\nJAVA_VERSION="17.0.15"\nOS_ARCH="x86_64"', 17],
  ['JAVA_VERSION="1.8.0_412"', 8],
  ['JAVA_VERSION=jdk-21.0.3+9', 21],
  ['nothing', undefined],
])('%j is release %s', (text, release) => expect(javaRelease(text)).toBe(release));
