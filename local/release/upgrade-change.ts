/** What an upgrade does to one resource or output that must last. */
export interface UpgradeChange {
  /** Id in its template. */
  readonly id: string;
  /** A sentence without its subject, such as `would be replaced: KeySchema`. */
  readonly what: string;
  /**
   * `loses`: data, a position, an address or a name would be lost by it, so no release may do it. `told`: the upgrade
   * notes say it. `added`: nothing that is there is touched.
   */
  readonly weight: 'loses' | 'told' | 'added';
}
