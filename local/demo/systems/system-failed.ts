/** One of the shop's other systems was not taken up; the message says how. */
export class SystemFailed extends Error {
  override readonly name = 'SystemFailed';
}
