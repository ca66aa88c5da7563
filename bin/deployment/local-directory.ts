/** Folder for outputs and logs of the platform that `npm start` runs. */
export const localDirectory = process.env.CDP_LOCAL_DIRECTORY || '.local';
