/** Where the platform of `npm start` keeps its outputs and logs, as its user says. */
export const localDirectory = process.env.CDP_LOCAL_DIRECTORY || '.local';
