package wssecurity.interop;

import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;

/** What the request of one exchange leaves behind for its reply. */
final class Exchange {

    /** The actor that the header is for; null for the ultimate receiver. */
    String actor;

    /** Who signed the request; the reply is encrypted for that certificate. */
    X509Certificate requester;

    /** The key of a symmetric request, and the name by which the reply refers to it. */
    byte[] secret;
    String encryptedKeySha1;

    /** The Id of the request's UsernameToken, where the key is derived from the password. */
    String usernameTokenId;

    /** The request's signature values, to be confirmed by the reply. */
    final List<byte[]> signatures = new ArrayList<>();
}
