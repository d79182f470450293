package wssecurity.interop;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.logging.Level;
import java.util.logging.Logger;
import javax.security.auth.callback.Callback;
import javax.security.auth.callback.CallbackHandler;
import org.apache.ws.security.WSConstants;
import org.apache.ws.security.WSDataRef;
import org.apache.ws.security.WSEncryptionPart;
import org.apache.ws.security.WSPasswordCallback;
import org.apache.ws.security.WSSConfig;
import org.apache.ws.security.WSSecurityEngine;
import org.apache.ws.security.WSSecurityEngineResult;
import org.apache.ws.security.WSSecurityException;
import org.apache.ws.security.conversation.ConversationConstants;
import org.apache.ws.security.handler.RequestData;
import org.apache.ws.security.message.WSSecDKEncrypt;
import org.apache.ws.security.message.WSSecDKSign;
import org.apache.ws.security.message.WSSecDerivedKeyBase;
import org.apache.ws.security.message.WSSecEncrypt;
import org.apache.ws.security.message.WSSecHeader;
import org.apache.ws.security.message.WSSecSignature;
import org.apache.ws.security.message.WSSecTimestamp;
import org.apache.ws.security.message.token.BinarySecurity;
import org.apache.ws.security.message.token.KerberosSecurity;
import org.apache.ws.security.message.token.SecurityTokenReference;
import org.apache.ws.security.util.Base64;
import org.apache.ws.security.util.WSSecurityUtil;
import org.apache.ws.security.validate.KerberosTokenValidator;
import org.w3c.dom.Document;
import org.w3c.dom.Element;

/**
 * WSS4J under Kerberos tickets, behind a small HTTP server on loopback. JAAS's login configuration has the entries "client" and "service".
 *
 * POST /service/WORDS and POST /client/WORDS?url=URL, where WORDS are of: sign, encrypt, derive, identifier (the token is named by its SHA-1).
 */
public final class KerberosPeer {

    private static final String SIGNATURE = WSConstants.HMAC_SHA256;
    private static final String CIPHER = WSConstants.AES_128;

    private final String service;
    private final HttpClient http =
        HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).connectTimeout(Duration.ofSeconds(10)).build();

    private KerberosPeer(String service) {
        this.service = service;
    }

    public static void main(String[] arguments) throws Exception {
        Logger.getLogger("").setLevel(Level.OFF);

        // Of virtual machines of other vendors WSS4J takes the ticket's session key, where the profile demands the authenticator's subkey.
        System.setProperty("java.vendor", "Oracle");
        WSSConfig.init();
        var peer = new KerberosPeer(arguments[0]);
        var server = HttpServer.create(new InetSocketAddress(InetAddress.getByName("127.0.0.1"), 0), 0);
        server.setExecutor(Executors.newFixedThreadPool(2));
        server.createContext("/", peer::serve);
        server.start();
        System.out.println("listening " + server.getAddress().getPort());

        // The starter holds our standard input: when it goes away, however it ends, so do we.
        while (System.in.read() >= 0) { }
        System.exit(0);
    }

    private void serve(HttpExchange call) throws IOException {
        int status;
        byte[] answer;
        try (call) {
            try {
                String[] path = call.getRequestURI().getPath().split("/");
                Set<String> words = Set.of(path[2].split(","));
                Document message = Soap.parse(call.getRequestBody().readAllBytes());
                if (path[1].equals("service")) {
                    answer = Soap.serialize(answer(words, message));
                } else {
                    answer = Soap.serialize(call(words, message, URI.create(call.getRequestURI().getQuery().substring("url=".length()))));
                }
                status = 200;
            } catch (Exception refused) {
                status = 500;
                answer = describe(refused).getBytes(StandardCharsets.UTF_8);
            }
            call.getResponseHeaders().set("Content-Type", "text/xml; charset=utf-8");
            call.sendResponseHeaders(status, answer.length);
            call.getResponseBody().write(answer);
        }
    }

    /** The echo service: the caller's principal goes into a header of the reply. */
    private Document answer(Set<String> words, Document request) throws Exception {
        var ticket = verify(words, request, null);
        Document reply = Soap.echo(request);
        reply.getDocumentElement().setAttributeNS(null, "caller", ticket.caller());
        secure(words, reply, ticket, null);
        return reply;
    }

    private Document call(Set<String> words, Document request, URI url) throws Exception {
        var token = new KerberosSecurity(request);
        token.retrieveServiceTicket("client", null, service, false);
        token.setID("ticket");
        var ticket = new Ticket(token.getSecretKey().getEncoded(), sha1(token.getToken()), null);
        secure(words, request, ticket, token);
        HttpResponse<byte[]> response = http.send(
            HttpRequest.newBuilder(url).timeout(Duration.ofSeconds(30)).header("Content-Type", "text/xml; charset=utf-8")
                .POST(HttpRequest.BodyPublishers.ofByteArray(Soap.serialize(request))).build(),
            HttpResponse.BodyHandlers.ofByteArray());
        if (response.statusCode() != 200) {
            throw new IllegalStateException("status " + response.statusCode() + ": " + new String(response.body(), StandardCharsets.UTF_8));
        }
        Document reply = Soap.parse(response.body());
        verify(words, reply, ticket);
        return reply;
    }

    /** What a ticket brings: the key, its name, and who sent it. */
    private record Ticket(byte[] secret, String sha1, String caller) { }

    private static void secure(Set<String> words, Document document, Ticket ticket, KerberosSecurity token) throws Exception {
        var header = new WSSecHeader();
        header.setMustUnderstand(true);
        header.insertSecurityHeader(document);
        var timestamp = new WSSecTimestamp();
        timestamp.setTimeToLive(300);
        timestamp.build(document, header);
        boolean direct = token != null && !words.contains("identifier");
        var signed = List.of(
            new WSEncryptionPart("Body", Soap.version(document), "Content"),
            new WSEncryptionPart("Timestamp", WSConstants.WSU_NS, "Element"));
        var encrypted = List.of(new WSEncryptionPart("Body", Soap.version(document), "Content"));
        if (words.contains("derive")) {
            var signature = new WSSecDKSign();
            signature.setSignatureAlgorithm(SIGNATURE);
            signature.setDigestAlgorithm(WSConstants.SHA256);
            derive(document, signature, ticket, direct);
            signature.setParts(signed);
            signature.build(document, header);
            if (words.contains("encrypt")) {
                var encryption = new WSSecDKEncrypt();
                encryption.setSymmetricEncAlgorithm(CIPHER);
                derive(document, encryption, ticket, direct);
                encryption.setParts(encrypted);
                encryption.build(document, header);
            }
        } else {
            var signature = new WSSecSignature();
            signature.setSignatureAlgorithm(SIGNATURE);
            signature.setDigestAlgo(WSConstants.SHA256);
            signature.setSecretKey(ticket.secret());
            signature.setKeyIdentifierType(direct ? WSConstants.CUSTOM_SYMM_SIGNING : WSConstants.CUSTOM_KEY_IDENTIFIER);
            signature.setCustomTokenValueType(direct ? WSConstants.WSS_GSS_KRB_V5_AP_REQ : WSConstants.WSS_KRB_KI_VALUE_TYPE);
            signature.setCustomTokenId(direct ? "ticket" : ticket.sha1());
            signature.setParts(signed);
            signature.build(document, null, header);
            if (words.contains("encrypt")) {
                var encryption = new WSSecEncrypt();
                encryption.setSymmetricEncAlgorithm(CIPHER);
                encryption.setEncryptSymmKey(false);
                encryption.setEphemeralKey(ticket.secret());
                if (direct) {
                    encryption.setCustomReferenceValue(WSConstants.WSS_GSS_KRB_V5_AP_REQ);
                    encryption.setEncKeyId("ticket");
                } else {
                    encryption.setCustomReferenceValue(WSConstants.WSS_KRB_KI_VALUE_TYPE);
                    encryption.setEncKeyId(ticket.sha1());
                    encryption.setKeyIdentifierType(WSConstants.CUSTOM_KEY_IDENTIFIER);
                }
                encryption.setParts(encrypted);
                encryption.build(document, null, header);
            }
        }
        if (token != null) {
            WSSecurityUtil.prependChildElement(header.getSecurityHeader(), token.getElement());
        }
    }

    private static void derive(Document document, WSSecDerivedKeyBase derivation, Ticket ticket, boolean direct) throws Exception {
        derivation.setWscVersion(ConversationConstants.VERSION_05_02);
        if (direct) {
            derivation.setExternalKey(ticket.secret(), "ticket");
            derivation.setCustomValueType(WSConstants.WSS_GSS_KRB_V5_AP_REQ);
        } else {
            var reference = new SecurityTokenReference(document);
            reference.setKeyIdentifier(WSConstants.WSS_KRB_KI_VALUE_TYPE, ticket.sha1(), true);
            reference.addTokenType(WSConstants.WSS_GSS_KRB_V5_AP_REQ);
            derivation.setExternalKey(ticket.secret(), reference.getElement());
        }
    }

    /** Verifies a message, and demands what the words say of it: WSS4J accepts whatever verifies. */
    private Ticket verify(Set<String> words, Document document, Ticket known) throws Exception {
        Element header = WSSecurityUtil.getSecurityHeader(document, null);
        if (header == null) {
            throw new Refusal("no Security header");
        }
        WSSConfig config = WSSConfig.getNewInstance();
        var validator = new KerberosTokenValidator();
        validator.setContextName("service");
        validator.setServiceName(service);
        config.setValidator(WSSecurityEngine.BINARY_TOKEN, validator);
        var data = new RequestData();
        data.setWssConfig(config);
        data.setCallbackHandler(keys(known));
        var engine = new WSSecurityEngine();
        engine.setWssConfig(config);
        List<WSSecurityEngineResult> results = engine.processSecurityHeader(header, data);

        Ticket ticket = known == null ? find(results) : known;
        Element body = Soap.body(document);
        Element timestamp = Soap.child(header, WSConstants.WSU_NS, "Timestamp");
        boolean signed = results(results, WSConstants.SIGN).stream().anyMatch(result ->
            result.get(WSSecurityEngineResult.TAG_X509_CERTIFICATE) == null && covers(result, body) && covers(result, timestamp));
        if (!signed) {
            throw new Refusal("not signed by the ticket's key");
        }
        if (words.contains("encrypt") && results(results, WSConstants.ENCR).stream().noneMatch(result -> covers(result, body))) {
            throw new Refusal("not encrypted");
        }
        if (words.contains("derive") && results(results, WSConstants.DKT).isEmpty()) {
            throw new Refusal("no key is derived");
        }
        header.getParentNode().removeChild(header);
        return ticket;
    }

    private static Ticket find(List<WSSecurityEngineResult> results) throws Exception {
        for (WSSecurityEngineResult result : results(results, WSConstants.BST)) {
            var principal = (java.security.Principal) result.get(WSSecurityEngineResult.TAG_PRINCIPAL);
            var token = (BinarySecurity) result.get(WSSecurityEngineResult.TAG_BINARY_SECURITY_TOKEN);
            return new Ticket((byte[]) result.get(WSSecurityEngineResult.TAG_SECRET), sha1(token.getToken()), principal.getName());
        }
        throw new Refusal("no Kerberos token");
    }

    private static CallbackHandler keys(Ticket known) {
        return callbacks -> {
            for (Callback callback : callbacks) {
                if (known != null && callback instanceof WSPasswordCallback question && known.sha1().equals(question.getIdentifier())) {
                    question.setKey(known.secret());
                }
            }
        };
    }

    private static List<WSSecurityEngineResult> results(List<WSSecurityEngineResult> results, int action) {
        return results.stream().filter(result -> ((Integer) result.get(WSSecurityEngineResult.TAG_ACTION)) == action).toList();
    }

    @SuppressWarnings("unchecked")
    private static boolean covers(WSSecurityEngineResult result, Element element) {
        var references = (List<WSDataRef>) result.get(WSSecurityEngineResult.TAG_DATA_REF_URIS);
        return references != null && references.stream().anyMatch(reference -> reference.getProtectedElement() == element);
    }

    private static String sha1(byte[] octets) throws WSSecurityException {
        return Base64.encode(WSSecurityUtil.generateDigest(octets));
    }

    private static String describe(Throwable refused) {
        var texts = new ArrayList<String>();
        for (Throwable cause = refused; cause != null; cause = cause.getCause()) {
            texts.add(cause.getClass().getSimpleName() + ": " + cause.getMessage());
        }
        return String.join(" / ", texts) + Arrays.stream(refused.getStackTrace()).limit(3).map(frame -> "\n  " + frame).reduce("", String::concat);
    }
}
