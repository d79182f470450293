package wssecurity.interop;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import java.util.List;
import java.util.Properties;
import javax.security.auth.callback.Callback;
import javax.security.auth.callback.CallbackHandler;
import org.apache.ws.security.WSPasswordCallback;
import org.apache.ws.security.components.crypto.Crypto;
import org.apache.ws.security.components.crypto.Merlin;

/** The keys of both sides and the users, read from a folder of PEM files and users.properties. */
final class Keys {

    private static final String ENTRY_PASSWORD = "entry";

    private final Crypto client;
    private final Crypto service;
    private final Path folder;
    private final Properties users = new Properties();

    Keys(Path folder) throws Exception {
        this.folder = folder;
        client = crypto(List.of("client", "client-ec"), List.of("service", "service-ec"));
        service = crypto(List.of("service", "service-ec"), List.of("client", "client-ec"));
        try (InputStream in = Files.newInputStream(folder.resolve("users.properties"))) {
            users.load(in);
        }
    }

    /** What one side knows: its own private keys, the other side's certificates, and the authority that it trusts. */
    Crypto crypto(String side) {
        return side.equals("client") ? client : service;
    }

    X509Certificate certificate(String alias) throws IOException, GeneralSecurityException {
        try (InputStream in = Files.newInputStream(folder.resolve(alias + ".pem"))) {
            return (X509Certificate) CertificateFactory.getInstance("X.509").generateCertificate(in);
        }
    }

    /** The only user that the client side speaks for. */
    String user() {
        return users.stringPropertyNames().iterator().next();
    }

    String password(String user) {
        return users.getProperty(user);
    }

    String entryPassword() {
        return ENTRY_PASSWORD;
    }

    /** Answers WSS4J's questions for passwords, and for the key of the exchange by its EncryptedKeySHA1, or by the Id of the request's UsernameToken. */
    CallbackHandler callbacks(Exchange exchange) {
        return callbacks -> {
            for (Callback callback : callbacks) {
                var question = (WSPasswordCallback) callback;
                switch (question.getUsage()) {
                    case WSPasswordCallback.DECRYPT, WSPasswordCallback.SIGNATURE -> question.setPassword(ENTRY_PASSWORD);
                    case WSPasswordCallback.USERNAME_TOKEN -> question.setPassword(password(question.getIdentifier()));
                    // The second is what it asks for where a DerivedKeyToken names a token that the message does not have.
                    case WSPasswordCallback.SECRET_KEY, WSPasswordCallback.SECURITY_CONTEXT_TOKEN -> {
                        if (question.getIdentifier().equals(exchange.encryptedKeySha1) || question.getIdentifier().equals(exchange.usernameTokenId)) {
                            question.setKey(exchange.secret);
                        }
                    }
                    default -> { }
                }
            }
        };
    }

    private Crypto crypto(List<String> own, List<String> known) throws Exception {
        KeyStore store = empty();
        for (String alias : own) {
            store.setKeyEntry(alias, privateKey(alias), ENTRY_PASSWORD.toCharArray(), new X509Certificate[] { certificate(alias) });
        }
        for (String alias : known) {
            store.setCertificateEntry(alias, certificate(alias));
        }
        KeyStore trusted = empty();
        trusted.setCertificateEntry("ca", certificate("ca"));
        Merlin merlin = new Merlin();
        merlin.setKeyStore(store);
        merlin.setTrustStore(trusted);
        return merlin;
    }

    private static KeyStore empty() throws IOException, GeneralSecurityException {
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        return store;
    }

    private PrivateKey privateKey(String alias) throws IOException, GeneralSecurityException {
        String pem = Files.readString(folder.resolve(alias + ".key.pem"));
        byte[] encoded = Base64.getMimeDecoder().decode(pem.replaceAll("-----[A-Z ]+-----", ""));
        return KeyFactory.getInstance(alias.endsWith("-ec") ? "EC" : "RSA").generatePrivate(new PKCS8EncodedKeySpec(encoded));
    }
}
