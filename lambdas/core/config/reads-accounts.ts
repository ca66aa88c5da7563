import { asksForAccounts } from '../stitching/accounts.ts';
import type { CdpConfig } from './config.ts';

/** Whether people's segments ask about their accounts, so that an account that changes wakes its people. */
export const readsAccounts = (config: CdpConfig): boolean => asksForAccounts(config);
