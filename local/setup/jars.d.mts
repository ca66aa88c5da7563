export function jarsAreCurrent(list: string, directory: string): boolean;
export function fetchJars(list: string, directory: string): Promise<void>;
