package wssecurity.interop;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.ws.security.WSConstants;

/** One line of profiles.properties: what a message must carry, and how it is written. */
record Profile(String name, List<Step> steps, Map<String, String> choices, Set<String> options) {

    /** What endorsing signatures are made with. */
    static final String ENDORSEMENT = "http://www.w3.org/2001/04/xmldsig-more#rsa-sha256";

    enum Step { TIMESTAMP, USERNAME, SIGN, ENCRYPT }

    private static final Map<String, Map<String, String>> ALGORITHMS = Map.of(
        "signature", Map.of(
            "rsa-sha1", "http://www.w3.org/2000/09/xmldsig#rsa-sha1",
            "rsa-sha256", "http://www.w3.org/2001/04/xmldsig-more#rsa-sha256",
            "rsa-sha384", "http://www.w3.org/2001/04/xmldsig-more#rsa-sha384",
            "rsa-sha512", "http://www.w3.org/2001/04/xmldsig-more#rsa-sha512",
            "ecdsa-sha256", "http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha256",
            "hmac-sha1", WSConstants.HMAC_SHA1,
            "hmac-sha256", WSConstants.HMAC_SHA256),
        "digest", Map.of(
            "sha1", WSConstants.SHA1,
            "sha256", WSConstants.SHA256,
            "sha512", "http://www.w3.org/2001/04/xmlenc#sha512"),
        "cipher", Map.of(
            "aes128-gcm", WSConstants.AES_128_GCM,
            "aes192-gcm", WSConstants.AES_192_GCM,
            "aes256-gcm", WSConstants.AES_256_GCM,
            "aes128-cbc", WSConstants.AES_128,
            "aes192-cbc", WSConstants.AES_192,
            "aes256-cbc", WSConstants.AES_256,
            "3des", WSConstants.TRIPLE_DES),
        "transport", Map.of(
            "oaep", WSConstants.KEYTRANSPORT_RSAOEP,
            "rsa15", WSConstants.KEYTRANSPORT_RSA15),
        "password", Map.of(
            "digest", WSConstants.PASSWORD_DIGEST,
            "text", WSConstants.PASSWORD_TEXT));

    private static final Map<String, Integer> REFERENCES = Map.of(
        "direct", WSConstants.BST_DIRECT_REFERENCE,
        "issuer-serial", WSConstants.ISSUER_SERIAL,
        "ski", WSConstants.SKI_KEY_IDENTIFIER,
        "thumbprint", WSConstants.THUMBPRINT_IDENTIFIER,
        "certificate", WSConstants.X509_KEY_IDENTIFIER);

    private static final Map<String, String> DEFAULTS = Map.of(
        "signature", "rsa-sha256", "digest", "sha256", "reference", "direct",
        "cipher", "aes256-gcm", "transport", "oaep", "recipient", "issuer-serial", "password", "digest",
        "conversation", "200502");

    private static final Set<String> OPTIONS = Set.of(
        "sign-token", "sign-addressing", "encrypt-signature", "encrypt-username", "encrypt-account", "elements",
        "symmetric", "derive", "endorse", "password-key", "password-endorse", "confirm", "no-bsp");

    static Profile parse(String name, String line) {
        var steps = new ArrayList<Step>();
        var choices = new HashMap<>(DEFAULTS);
        var options = new HashSet<String>();
        for (String word : line.trim().split("\\s+")) {
            int colon = word.indexOf(':');
            if (colon > 0 && choices.containsKey(word.substring(0, colon))) {
                choices.put(word.substring(0, colon), word.substring(colon + 1));
            } else if (OPTIONS.contains(word)) {
                options.add(word);
            } else {
                steps.add(Step.valueOf(word.toUpperCase()));
            }
        }
        return new Profile(name, List.copyOf(steps), Map.copyOf(choices), Set.copyOf(options));
    }

    boolean has(Step step) {
        return steps.contains(step);
    }

    boolean is(String option) {
        return options.contains(option);
    }

    /** The URI of the chosen algorithm. */
    String algorithm(String kind) {
        String uri = ALGORITHMS.get(kind).get(choices.get(kind));
        if (uri == null) {
            throw new IllegalArgumentException(name + ": unknown " + kind + " " + choices.get(kind));
        }
        return uri;
    }

    /** WSS4J's number of the chosen reference form; kind is "reference" or "recipient". */
    int reference(String kind) {
        return REFERENCES.get(choices.get(kind));
    }

    /** The alias of one side's key: "client" or "service", of the kind that the signature algorithm needs. */
    String key(String side) {
        return choices.get("signature").startsWith("ecdsa") ? side + "-ec" : side;
    }

    /** Whether a key is derived from the user's password, whose token so has none. */
    boolean derivesFromPassword() {
        return is("password-key") || is("password-endorse");
    }

    boolean bsp() {
        return !is("no-bsp");
    }
}
