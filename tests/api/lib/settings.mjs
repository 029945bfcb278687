// Names of the server's settings that these tests turn, in one place. Each is a key of kicau.conf.
export const LIMITS_OFF = { KICAU_RATE_LIMITS: 'off' }
// Tests ask for the very posts they have made: none is withheld at random, unless a test is about that.
export const NOTHING_WITHHELD = { KICAU_WITHHOLD_PPM: '0', KICAU_WITHHOLD_EVERYBODY_PPM: '0' }
// What holds where strangers come by. The file that `kicau init` writes on one's own machine is more open: AS_INIT_HAS_IT leaves it as it is.
export const CLOSED = { KICAU_REGISTRATIONS: 'closed', KICAU_DATA_USES: '' }
export const AS_INIT_HAS_IT = { KICAU_REGISTRATIONS: undefined, KICAU_DATA_USES: undefined }
export const LIMITS_ON = { KICAU_RATE_LIMITS: 'on' }
export const OPEN_REGISTRATION = { KICAU_REGISTRATIONS: 'open' }
export const APPROVAL = { KICAU_REGISTRATION_APPROVAL: 'on' }
export const PRIVATE_ADDRESSES = { KICAU_PRIVATE_ADDRESSES: 'on' }
export const PASSWORD_GRANT = { KICAU_PASSWORD_GRANT: 'on' }
export const SHORT_POLLS = { KICAU_POLL_MIN_SECONDS: '1' }
