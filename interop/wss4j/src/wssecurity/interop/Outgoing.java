package wssecurity.interop;

import java.util.ArrayList;
import java.util.List;
import org.apache.ws.security.WSConstants;
import org.apache.ws.security.WSEncryptionPart;
import org.apache.ws.security.WSSConfig;
import org.apache.ws.security.components.crypto.Crypto;
import org.apache.ws.security.conversation.ConversationConstants;
import org.apache.ws.security.message.WSSecDKEncrypt;
import org.apache.ws.security.message.WSSecDKSign;
import org.apache.ws.security.message.WSSecDerivedKeyBase;
import org.apache.ws.security.message.WSSecEncrypt;
import org.apache.ws.security.message.WSSecEncryptedKey;
import org.apache.ws.security.message.WSSecHeader;
import org.apache.ws.security.message.WSSecSignature;
import org.apache.ws.security.message.WSSecSignatureConfirmation;
import org.apache.ws.security.message.WSSecTimestamp;
import org.apache.ws.security.message.WSSecUsernameToken;
import org.apache.ws.security.message.token.SecurityTokenReference;
import org.apache.ws.security.util.Base64;
import org.apache.ws.security.util.WSSecurityUtil;
import org.w3c.dom.Document;
import org.w3c.dom.Element;

/** Secures one envelope with WSS4J, as the client (a request) or as the service (a reply). */
final class Outgoing {

    private static final int LIFETIME_SECONDS = 300;

    private final Keys keys;
    private final WSSConfig config;
    private final Profile profile;
    private final String side;
    private final Exchange exchange;
    private final Document document;
    private final WSSecHeader header;
    private final Crypto crypto;
    private WSSecEncryptedKey sharedKey;
    private WSSecUsernameToken passwordKey;

    private Outgoing(Keys keys, WSSConfig config, Profile profile, String side, Exchange exchange, Document document) {
        this.keys = keys;
        this.config = config;
        this.profile = profile;
        this.side = side;
        this.exchange = exchange;
        this.document = document;
        this.crypto = keys.crypto(side);
        this.header = new WSSecHeader(exchange.actor, true);
    }

    /** Secures a request in place, and notes in the exchange what its reply will refer to. */
    static void request(Keys keys, WSSConfig config, Profile profile, Exchange exchange, Document document) throws Exception {
        new Outgoing(keys, config, profile, "client", exchange, document).secure();
    }

    /** Secures a reply in place, for the requester that the exchange names. */
    static void reply(Keys keys, WSSConfig config, Profile profile, Exchange exchange, Document document) throws Exception {
        new Outgoing(keys, config, profile, "service", exchange, document).secure();
    }

    private boolean isRequest() {
        return side.equals("client");
    }

    private void secure() throws Exception {
        header.insertSecurityHeader(document);
        if (profile.derivesFromPassword() && isRequest()) {
            createPasswordKey();
        }
        if (profile.is("symmetric") && !profile.is("password-key") && isRequest()) {
            createSharedKey();
        }
        for (Profile.Step step : profile.steps()) {
            switch (step) {
                case TIMESTAMP -> timestamp();
                case USERNAME -> username();
                case SIGN -> {
                    if (profile.is("derive")) {
                        signByDerivedKey();
                    } else {
                        sign();
                    }
                    if (profile.is("endorse") && isRequest()) {
                        endorse();
                    }
                    if (profile.is("password-endorse") && isRequest()) {
                        endorseByPassword();
                    }
                }
                case ENCRYPT -> {
                    if (profile.is("derive")) {
                        encryptByDerivedKey();
                    } else {
                        encrypt();
                    }
                }
            }
        }
        if (passwordKey != null) {
            passwordKey.prependToHeader(header);
        }
        if (sharedKey != null) {
            // WSS4J prepends; the key that the rest refers to goes in front at the end.
            sharedKey.prependToHeader(header);
        }
    }

    /** A key for MACs, as CXF derives it for a binding that signs; it encrypts, too. */
    private void createPasswordKey() throws Exception {
        passwordKey = new WSSecUsernameToken(config);
        passwordKey.setUserInfo(keys.user(), keys.password(keys.user()));
        passwordKey.addDerivedKey(true, null, 1000);
        passwordKey.prepare(document);
        if (profile.is("password-key")) {
            exchange.secret = passwordKey.getDerivedKey();
            exchange.usernameTokenId = passwordKey.getId();
        }
    }

    private void createSharedKey() throws Exception {
        sharedKey = new WSSecEncryptedKey(config);
        sharedKey.setUserInfo(profile.key("service"));
        sharedKey.setKeyIdentifierType(profile.reference("recipient"));
        sharedKey.setKeyEncAlgo(profile.algorithm("transport"));
        sharedKey.setSymmetricEncAlgorithm(profile.algorithm("cipher"));
        sharedKey.prepare(document, crypto);
        exchange.secret = sharedKey.getEphemeralKey();
        exchange.encryptedKeySha1 = sha1(sharedKey.getEncryptedEphemeralKey());
    }

    private void timestamp() {
        var timestamp = new WSSecTimestamp(config);
        timestamp.setTimeToLive(LIFETIME_SECONDS);
        timestamp.build(document, header);
        if (!isRequest() && profile.is("confirm")) {
            for (byte[] signature : exchange.signatures) {
                new WSSecSignatureConfirmation(config).build(document, signature, header);
            }
        }
    }

    private void username() {
        if (isRequest()) {
            var token = new WSSecUsernameToken(config);
            token.setPasswordType(profile.algorithm("password"));
            token.setUserInfo(keys.user(), keys.password(keys.user()));
            token.addNonce();
            token.addCreated();
            token.build(document, header);
        }
    }

    private void sign() throws Exception {
        var signature = new WSSecSignature(config);
        signature.setSignatureAlgorithm(profile.algorithm("signature"));
        signature.setDigestAlgo(profile.algorithm("digest"));
        if (profile.is("symmetric")) {
            signature.setSecretKey(exchange.secret);
            if (profile.is("password-key")) {
                // In a reply CXF names the request's token as something outside of the message.
                signature.setKeyIdentifierType(isRequest() ? WSConstants.CUSTOM_SYMM_SIGNING : WSConstants.CUSTOM_SYMM_SIGNING_DIRECT);
                signature.setCustomTokenValueType(WSConstants.WSS_USERNAME_TOKEN_VALUE_TYPE);
                signature.setCustomTokenId(exchange.usernameTokenId);
            } else if (isRequest()) {
                signature.setKeyIdentifierType(WSConstants.CUSTOM_SYMM_SIGNING);
                signature.setCustomTokenValueType(WSConstants.WSS_ENC_KEY_VALUE_TYPE);
                signature.setCustomTokenId(sharedKey.getId());
            } else {
                signature.setKeyIdentifierType(WSConstants.ENCRYPTED_KEY_SHA1_IDENTIFIER);
                signature.setEncrKeySha1value(exchange.encryptedKeySha1);
            }
        } else {
            signature.setUserInfo(profile.key(side), keys.entryPassword());
            signature.setKeyIdentifierType(profile.reference("reference"));
        }
        signature.setParts(signedParts());
        signature.build(document, crypto, header);
        if (isRequest()) {
            exchange.signatures.add(signature.getSignatureValue());
        }
    }

    private void signByDerivedKey() throws Exception {
        var signature = new WSSecDKSign(config);
        signature.setSignatureAlgorithm(profile.algorithm("signature"));
        signature.setDigestAlgorithm(profile.algorithm("digest"));
        deriveFromSharedKey(signature);
        signature.setParts(signedParts());
        signature.build(document, header);
        if (isRequest()) {
            exchange.signatures.add(signature.getSignatureValue());
        }
    }

    private void encryptByDerivedKey() throws Exception {
        var encryption = new WSSecDKEncrypt(config);
        encryption.setSymmetricEncAlgorithm(profile.algorithm("cipher"));
        deriveFromSharedKey(encryption);
        encryption.setParts(encryptedParts());
        encryption.build(document, header);
    }

    private void deriveFromSharedKey(WSSecDerivedKeyBase derivation) throws Exception {
        derivation.setWscVersion(profile.choices().get("conversation").equals("200512")
            ? ConversationConstants.VERSION_05_12 : ConversationConstants.VERSION_05_02);
        if (profile.is("password-key")) {
            derivation.setTokenIdDirectId(!isRequest());
            derivation.setExternalKey(exchange.secret, exchange.usernameTokenId);
            derivation.setCustomValueType(WSConstants.WSS_USERNAME_TOKEN_VALUE_TYPE);
        } else if (isRequest()) {
            derivation.setExternalKey(exchange.secret, sharedKey.getId());
            derivation.setCustomValueType(WSConstants.WSS_ENC_KEY_VALUE_TYPE);
        } else {
            var reference = new SecurityTokenReference(document);
            reference.setKeyIdentifierEncKeySHA1(exchange.encryptedKeySha1);
            reference.addTokenType(WSConstants.WSS_ENC_KEY_VALUE_TYPE);
            derivation.setExternalKey(exchange.secret, reference.getElement());
        }
    }

    /** The client's certificate signs the message signature. */
    private void endorse() throws Exception {
        var signature = new WSSecSignature(config);
        signature.setSignatureAlgorithm(Profile.ENDORSEMENT);
        signature.setDigestAlgo(profile.algorithm("digest"));
        signature.setUserInfo(profile.key(side), keys.entryPassword());
        signature.setKeyIdentifierType(profile.reference("reference"));
        Element endorsed = Soap.child(header.getSecurityHeader(), WSConstants.SIG_NS, "Signature");
        signature.setParts(List.of(new WSEncryptionPart(endorsed.getAttributeNS(null, "Id"))));
        signature.build(document, crypto, header);
        exchange.signatures.add(signature.getSignatureValue());
    }

    /** The key that is derived from the client's password signs the message signature. */
    private void endorseByPassword() throws Exception {
        Element endorsed = Soap.child(header.getSecurityHeader(), WSConstants.SIG_NS, "Signature");
        var parts = List.of(new WSEncryptionPart(endorsed.getAttributeNS(null, "Id")));
        if (profile.is("derive")) {
            var signature = new WSSecDKSign(config);
            signature.setSignatureAlgorithm(profile.algorithm("signature"));
            signature.setDigestAlgorithm(profile.algorithm("digest"));
            signature.setExternalKey(passwordKey.getDerivedKey(), passwordKey.getId());
            signature.setCustomValueType(WSConstants.WSS_USERNAME_TOKEN_VALUE_TYPE);
            signature.setParts(parts);
            signature.build(document, header);
            exchange.signatures.add(signature.getSignatureValue());
        } else {
            var signature = new WSSecSignature(config);
            signature.setSignatureAlgorithm(profile.algorithm("signature"));
            signature.setDigestAlgo(profile.algorithm("digest"));
            signature.setSecretKey(passwordKey.getDerivedKey());
            signature.setKeyIdentifierType(WSConstants.CUSTOM_SYMM_SIGNING);
            signature.setCustomTokenValueType(WSConstants.WSS_USERNAME_TOKEN_VALUE_TYPE);
            signature.setCustomTokenId(passwordKey.getId());
            signature.setParts(parts);
            signature.build(document, crypto, header);
            exchange.signatures.add(signature.getSignatureValue());
        }
    }

    private List<WSEncryptionPart> signedParts() {
        var parts = new ArrayList<WSEncryptionPart>();
        if (profile.is("elements")) {
            parts.add(part(Soap.child(Soap.header(document), Soap.SERVICE, "Account"), "Element"));
            parts.add(part(Soap.payload(document, "Amount"), "Element"));
        } else {
            parts.add(part(Soap.body(document), "Content"));
        }
        for (Element element : Soap.children(header.getSecurityHeader())) {
            switch (element.getLocalName()) {
                case "Timestamp", "UsernameToken", "SignatureConfirmation" -> parts.add(part(element, "Element"));
                default -> { }
            }
        }
        if (profile.is("sign-addressing")) {
            Soap.addressing(document).forEach(block -> parts.add(part(block, "Element")));
        }
        if (profile.is("sign-token")) {
            parts.add(new WSEncryptionPart("STRTransform", "", "Content"));
        }
        return parts;
    }

    private void encrypt() throws Exception {
        var encryption = new WSSecEncrypt(config);
        encryption.setSymmetricEncAlgorithm(profile.algorithm("cipher"));
        if (profile.is("symmetric")) {
            encryption.setEncryptSymmKey(false);
            encryption.setEphemeralKey(exchange.secret);
            if (profile.is("password-key")) {
                encryption.setEncKeyId(exchange.usernameTokenId);
                encryption.setEncKeyIdDirectId(!isRequest());
                encryption.setCustomReferenceValue(WSConstants.WSS_USERNAME_TOKEN_VALUE_TYPE);
            } else if (isRequest()) {
                encryption.setEncKeyId(sharedKey.getId());
            } else {
                encryption.setKeyIdentifierType(WSConstants.ENCRYPTED_KEY_SHA1_IDENTIFIER);
                encryption.setCustomReferenceValue(exchange.encryptedKeySha1);
            }
        } else {
            encryption.setKeyEnc(profile.algorithm("transport"));
            encryption.setKeyIdentifierType(profile.reference("recipient"));
            if (isRequest()) {
                encryption.setUserInfo(profile.key("service"));
            } else {
                encryption.setUseThisCert(exchange.requester);
            }
        }
        encryption.setParts(encryptedParts());
        encryption.build(document, crypto, header);
    }

    private List<WSEncryptionPart> encryptedParts() throws Refusal {
        var parts = new ArrayList<WSEncryptionPart>();
        for (Element element : Soap.children(header.getSecurityHeader())) {
            boolean hidden = switch (element.getLocalName()) {
                case "Signature" -> profile.is("encrypt-signature");
                case "UsernameToken" -> profile.is("encrypt-username");
                default -> false;
            };
            if (hidden) {
                parts.add(part(element, "Element"));
            }
        }
        if (profile.is("encrypt-account")) {
            Element account = Soap.child(Soap.header(document), Soap.SERVICE, "Account");
            if (account == null) {
                throw new Refusal("there is no Account header to encrypt");
            }
            parts.add(part(account, "Header"));
        }
        if (profile.is("elements")) {
            parts.add(part(Soap.payload(document, "Text"), "Element"));
            parts.add(part(Soap.payload(document, "Amount"), "Content"));
        } else {
            parts.add(part(Soap.body(document), "Content"));
        }
        return parts;
    }

    private static WSEncryptionPart part(Element element, String modifier) {
        var part = new WSEncryptionPart(element.getLocalName(), element.getNamespaceURI(), modifier);
        part.setElement(element);
        return part;
    }

    static String sha1(byte[] octets) throws Exception {
        return Base64.encode(WSSecurityUtil.generateDigest(octets));
    }
}
