/**
 * Sends CloudFormation the result of a custom resource.
 * @throws Error when CloudFormation does not accept it
 */
export async function answerStack(url: string, answer: object): Promise<void> {
  // The signature of the URL covers no content type.
  const { ok, status } = await fetch(url, {
    method: 'PUT',
    headers: { 'content-type': '' },
    body: Buffer.from(JSON.stringify(answer)),
  });
  if (!ok) throw new Error(`CloudFormation did not accept the result: HTTP ${status}`);
}
