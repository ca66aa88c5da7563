/** The effect of an upgrade on one resource or output that must last. */
export interface UpgradeChange {
  /** Id in its template. */
  readonly id: string;
  /** A sentence without its subject, such as `would be replaced: KeySchema`. */
  readonly what: string;
  /**
   * `loses`: the change loses data, a position, an address or a name, so no release may contain it. `told`: the upgrade
   * notes must describe it. `added`: existing resources stay the same.
   */
  readonly weight: 'loses' | 'told' | 'added';
}
