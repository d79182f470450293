package wssecurity.interop;

import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.apache.ws.security.WSDerivedKeyTokenPrincipal;
import org.apache.ws.security.WSConstants;
import org.apache.ws.security.WSDataRef;
import org.apache.ws.security.WSSConfig;
import org.apache.ws.security.WSSecurityEngine;
import org.apache.ws.security.WSSecurityEngineResult;
import org.apache.ws.security.WSUsernameTokenPrincipal;
import org.apache.ws.security.cache.ReplayCache;
import org.apache.ws.security.handler.RequestData;
import org.apache.ws.security.message.token.SignatureConfirmation;
import org.apache.ws.security.util.WSSecurityUtil;
import org.w3c.dom.Document;
import org.w3c.dom.Element;

/**
 * Verifies one envelope with WSS4J, then holds the results against the profile: without a policy WSS4J accepts whatever verifies,
 * a wrapped Body included. The envelope is decrypted in place, and its Security header removed.
 */
final class Incoming {

    private final Profile profile;
    private final boolean request;
    private final Document document;
    private final Exchange exchange;
    private final List<WSSecurityEngineResult> results;
    private final List<String> report = new ArrayList<>();

    private Incoming(Profile profile, boolean request, Document document, Exchange exchange, List<WSSecurityEngineResult> results) {
        this.profile = profile;
        this.request = request;
        this.document = document;
        this.exchange = exchange;
        this.results = results;
    }

    /** Verifies a request, and notes in the exchange what its reply must refer to. Returns what was proven, line by line. */
    static List<String> request(
            Keys keys, WSSConfig config, Profile profile, Exchange exchange, Document document, ReplayCache replays) throws Exception {
        return verify(keys, config, profile, true, exchange, document, replays);
    }

    /** Verifies the reply to the request that the exchange knows. */
    static List<String> reply(Keys keys, WSSConfig config, Profile profile, Exchange exchange, Document document) throws Exception {
        return verify(keys, config, profile, false, exchange, document, null);
    }

    private static List<String> verify(
            Keys keys, WSSConfig config, Profile profile, boolean request, Exchange exchange, Document document, ReplayCache replays)
            throws Exception {
        Element header = WSSecurityUtil.getSecurityHeader(document, exchange.actor);
        if (header == null) {
            throw new Refusal("no Security header");
        }
        var crypto = keys.crypto(request ? "service" : "client");
        var data = new RequestData();
        data.setWssConfig(config);
        data.setSigCrypto(crypto);
        data.setDecCrypto(crypto);
        data.setCallbackHandler(keys.callbacks(exchange));
        data.setNonceReplayCache(replays);
        var engine = new WSSecurityEngine();
        engine.setWssConfig(config);

        var incoming = new Incoming(profile, request, document, exchange, engine.processSecurityHeader(header, data));
        incoming.enforce(keys, header);
        header.getParentNode().removeChild(header);
        return incoming.report;
    }

    private void enforce(Keys keys, Element header) throws Exception {
        if (profile.has(Profile.Step.TIMESTAMP) && results(WSConstants.TS).size() != 1) {
            throw new Refusal("no Timestamp");
        }
        if (profile.has(Profile.Step.USERNAME) && request) {
            enforceUser();
        }
        if (profile.derivesFromPassword() && request) {
            enforcePasswordKey(header);
        }
        if (profile.has(Profile.Step.SIGN)) {
            enforceSignature(keys, header);
        }
        if (profile.has(Profile.Step.ENCRYPT)) {
            enforceEncryption();
        }
        if (profile.is("derive") && results(WSConstants.DKT).isEmpty()) {
            throw new Refusal("no key is derived");
        }
        if (!request && profile.is("confirm")) {
            enforceConfirmation();
        }
        noteForReply(keys);
    }

    private void enforceUser() throws Refusal {
        List<WSSecurityEngineResult> tokens = results(WSConstants.UT);
        if (tokens.size() != 1) {
            throw new Refusal("no UsernameToken with a password");
        }
        var user = (WSUsernameTokenPrincipal) tokens.get(0).get(WSSecurityEngineResult.TAG_PRINCIPAL);
        if (!profile.algorithm("password").equals(user.getPasswordType())) {
            throw new Refusal("the password's type is " + user.getPasswordType());
        }
        report.add("user " + user.getName());
    }

    /** The one UsernameToken has no password, and the key that is derived from it signs: everything, or the message signature. */
    private void enforcePasswordKey(Element header) throws Exception {
        List<WSSecurityEngineResult> tokens = results(WSConstants.UT_NOPASSWORD);
        if (tokens.size() != 1 || !(tokens.get(0).get(WSSecurityEngineResult.TAG_SECRET) instanceof byte[] secret)) {
            throw new Refusal("no UsernameToken that derives a key");
        }
        exchange.usernameTokenId = (String) tokens.get(0).get(WSSecurityEngineResult.TAG_ID);
        if (profile.is("password-key")) {
            exchange.secret = secret;
        } else if (signatures().stream().noneMatch(result -> isByPassword(result) && references(result).stream()
                .map(WSDataRef::getProtectedElement).anyMatch(element -> element != null && element.getParentNode() == header && element.getLocalName().equals("Signature")))) {
            throw new Refusal("the message signature is not endorsed by the password's key");
        }
        report.add("user " + ((WSUsernameTokenPrincipal) tokens.get(0).get(WSSecurityEngineResult.TAG_PRINCIPAL)).getName());
    }

    private boolean isByPassword(WSSecurityEngineResult signature) {
        Object signer = signature.get(WSSecurityEngineResult.TAG_PRINCIPAL);
        return signer instanceof WSUsernameTokenPrincipal
            || (signer instanceof WSDerivedKeyTokenPrincipal derived && exchange.usernameTokenId.equals(derived.getBasetokenId()));
    }

    private List<WSSecurityEngineResult> signatures() {
        return Stream.concat(results(WSConstants.SIGN).stream(), results(WSConstants.UT_SIGN).stream()).toList();
    }

    /** One signature must cover every required element, as the node that stands at its place in the envelope. */
    private void enforceSignature(Keys keys, Element header) throws Exception {
        List<Element> required = new ArrayList<>(profile.is("elements")
            ? Arrays.asList(Soap.child(Soap.header(document), Soap.SERVICE, "Account"), Soap.payload(document, "Amount"))
            : List.of(Soap.body(document)));
        if (required.contains(null)) {
            throw new Refusal("an element that must be signed is missing");
        }
        for (Element element : Soap.children(header)) {
            switch (element.getLocalName()) {
                case "Timestamp", "SignatureConfirmation" -> required.add(element);
                case "UsernameToken" -> {
                    if (!profile.derivesFromPassword()) {
                        required.add(element);
                    }
                }
                default -> { }
            }
        }
        if (profile.is("sign-addressing")) {
            List<Element> blocks = Soap.addressing(document);
            List<String> names = blocks.stream().map(Element::getLocalName).toList();
            if (!names.contains("Action") || !names.contains(request ? "To" : "RelatesTo")) {
                throw new Refusal("the WS-Addressing headers are incomplete");
            }
            required.addAll(blocks);
        }
        List<String> missing = List.of("Signature");
        for (WSSecurityEngineResult result : signatures()) {
            List<WSDataRef> references = references(result);
            missing = required.stream()
                .filter(element -> references.stream().noneMatch(reference -> reference.getProtectedElement() == element))
                .map(Element::getLocalName).toList();
            if (missing.isEmpty()) {
                acceptSignature(keys, result, references);
                if (profile.is("endorse") && request) {
                    enforceEndorsement(header, result);
                }
                return;
            }
        }
        throw new Refusal("not signed: " + String.join(", ", missing));
    }

    private void acceptSignature(Keys keys, WSSecurityEngineResult result, List<WSDataRef> references) throws Exception {
        Object method = result.get(WSSecurityEngineResult.TAG_SIGNATURE_METHOD);
        if (!profile.algorithm("signature").equals(method)) {
            throw new Refusal("the signature algorithm is " + method);
        }
        var signer = (X509Certificate) result.get(WSSecurityEngineResult.TAG_X509_CERTIFICATE);
        if (profile.is("symmetric") != (signer == null)) {
            throw new Refusal("the signature is by the wrong kind of key");
        }
        if (request && profile.is("password-key") && !isByPassword(result)) {
            throw new Refusal("the signature is not by the password's key");
        }
        if (!request && signer != null && !signer.equals(keys.certificate(profile.key("service")))) {
            throw new Refusal("the reply is signed by " + signer.getSubjectX500Principal().getName());
        }
        boolean token = false;
        for (WSDataRef reference : references) {
            if (!profile.algorithm("digest").equals(reference.getDigestAlgorithm())) {
                throw new Refusal("the digest algorithm is " + reference.getDigestAlgorithm());
            }
            Element element = reference.getProtectedElement();
            token |= element != null && element.getLocalName().equals("BinarySecurityToken");
            report.add("signed " + (element == null ? reference.getWsuId() : name(element)));
        }
        if (profile.is("sign-token") && !token) {
            throw new Refusal("the token is not signed");
        }
        if (signer != null) {
            report.add("signer " + signer.getSubjectX500Principal().getName());
            report.add("signature-reference " + result.get(WSSecurityEngineResult.TAG_X509_REFERENCE_TYPE));
        }
    }

    /** A certificate's signature must cover the message signature, as the node that stands in the header. */
    private void enforceEndorsement(Element header, WSSecurityEngineResult endorsed) throws Refusal {
        for (WSSecurityEngineResult result : results(WSConstants.SIGN)) {
            var signer = (X509Certificate) result.get(WSSecurityEngineResult.TAG_X509_CERTIFICATE);
            boolean covers = references(result).stream().map(WSDataRef::getProtectedElement)
                .anyMatch(element -> element != null && element.getParentNode() == header
                    && element.getAttributeNS(null, "Id").equals(endorsed.get(WSSecurityEngineResult.TAG_ID)));
            if (signer != null && covers && Profile.ENDORSEMENT.equals(result.get(WSSecurityEngineResult.TAG_SIGNATURE_METHOD))) {
                report.add("endorser " + signer.getSubjectX500Principal().getName());
                return;
            }
        }
        throw new Refusal("the message signature is not endorsed");
    }

    private void enforceEncryption() throws Refusal {
        List<WSDataRef> references = new ArrayList<>();
        for (WSSecurityEngineResult result : results(WSConstants.ENCR)) {
            references.addAll(references(result));
            Object transport = result.get(WSSecurityEngineResult.TAG_ENCRYPTED_KEY_TRANSPORT_METHOD);
            if (transport != null && !profile.algorithm("transport").equals(transport)) {
                throw new Refusal("the key transport is " + transport);
            }
            Object reference = result.get(WSSecurityEngineResult.TAG_X509_REFERENCE_TYPE);
            if (reference != null) {
                report.add("recipient-reference " + reference);
            }
        }
        for (WSDataRef reference : references) {
            if (!profile.algorithm("cipher").equals(reference.getAlgorithm())) {
                throw new Refusal("the cipher is " + reference.getAlgorithm());
            }
            report.add("encrypted " + name(reference.getProtectedElement()) + (reference.isContent() ? " content" : ""));
        }
        if (profile.is("elements")) {
            require(references, Soap.payload(document, "Text"), false, "Text");
            require(references, Soap.payload(document, "Amount"), true, "Amount");
        } else {
            require(references, Soap.body(document), true, "Body");
        }
        if (profile.is("encrypt-account")) {
            require(references, Soap.child(Soap.header(document), Soap.SERVICE, "Account"), false, "Account");
        }
        requireNamed(references, "Signature", profile.is("encrypt-signature"));
        requireNamed(references, "UsernameToken", request && profile.is("encrypt-username"));
    }

    private static void require(List<WSDataRef> references, Element element, boolean content, String name) throws Refusal {
        if (element == null || references.stream()
                .noneMatch(reference -> reference.getProtectedElement() == element && reference.isContent() == content)) {
            throw new Refusal("not encrypted: " + name);
        }
    }

    private static void requireNamed(List<WSDataRef> references, String name, boolean required) throws Refusal {
        if (required && references.stream().noneMatch(reference -> name.equals(reference.getProtectedElement().getLocalName()))) {
            throw new Refusal("not encrypted: " + name);
        }
    }

    private void enforceConfirmation() throws Refusal {
        List<byte[]> confirmed = results(WSConstants.SC).stream()
            .map(result -> ((SignatureConfirmation) result.get(WSSecurityEngineResult.TAG_SIGNATURE_CONFIRMATION)).getSignatureValue())
            .toList();
        if (confirmed.size() != exchange.signatures.size()
                || !exchange.signatures.stream().allMatch(value -> confirmed.stream().anyMatch(other -> Arrays.equals(value, other)))) {
            throw new Refusal("the request's signatures are not confirmed");
        }
        report.add("confirmed " + confirmed.size());
    }

    private void noteForReply(Keys keys) throws Exception {
        if (!request) {
            return;
        }
        exchange.requester = keys.certificate("client");
        for (WSSecurityEngineResult result : results) {
            switch ((Integer) result.get(WSSecurityEngineResult.TAG_ACTION)) {
                case WSConstants.SIGN, WSConstants.UT_SIGN -> {
                    exchange.signatures.add((byte[]) result.get(WSSecurityEngineResult.TAG_SIGNATURE_VALUE));
                    if (result.get(WSSecurityEngineResult.TAG_X509_CERTIFICATE) instanceof X509Certificate signer) {
                        exchange.requester = signer;
                    }
                }
                case WSConstants.ENCR -> {
                    if (result.get(WSSecurityEngineResult.TAG_ENCRYPTED_EPHEMERAL_KEY) instanceof byte[] wrapped) {
                        exchange.secret = (byte[]) result.get(WSSecurityEngineResult.TAG_SECRET);
                        exchange.encryptedKeySha1 = Outgoing.sha1(wrapped);
                    }
                }
                default -> { }
            }
        }
    }

    private List<WSSecurityEngineResult> results(int action) {
        return results.stream().filter(result -> ((Integer) result.get(WSSecurityEngineResult.TAG_ACTION)) == action).toList();
    }

    @SuppressWarnings("unchecked")
    private static List<WSDataRef> references(WSSecurityEngineResult result) {
        var references = (List<WSDataRef>) result.get(WSSecurityEngineResult.TAG_DATA_REF_URIS);
        return references == null ? List.of() : references;
    }

    private static String name(Element element) {
        return "{" + element.getNamespaceURI() + "}" + element.getLocalName();
    }
}
