package wssecurity.interop;

import org.apache.ws.security.WSSecurityException;

/** A message that WSS4J's processing accepts but its profile does not. */
final class Refusal extends WSSecurityException {

    private final String reason;

    Refusal(String reason) {
        super(WSSecurityException.INVALID_SECURITY);
        this.reason = reason;
    }

    @Override
    public String getMessage() {
        return reason;
    }
}
