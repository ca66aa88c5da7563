/** Tells CloudFormation what came of a resource of our own. @throws Error when it is not taken */
export async function answerStack(url: string, answer: object): Promise<void> {
  // The address is signed for a body without a type.
  const { ok, status } = await fetch(url, {
    method: 'PUT',
    headers: { 'content-type': '' },
    body: Buffer.from(JSON.stringify(answer)),
  });
  if (!ok) throw new Error(`CloudFormation took no answer: HTTP ${status}`);
}
