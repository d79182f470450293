package wssecurity.interop;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.HashMap;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;
import java.util.concurrent.Executors;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.apache.ws.security.WSSConfig;
import org.apache.ws.security.WSSecurityException;
import org.apache.ws.security.cache.MemoryReplayCache;
import org.apache.ws.security.cache.ReplayCache;
import org.w3c.dom.Document;

/**
 * WSS4J behind a small HTTP server on loopback: as a SOAP service, as a SOAP client, and step by step.
 * Arguments: profiles.properties, a folder of keys, and optionally the instant at which its messages are written.
 */
public final class Peer {

    private final Map<String, Profile> profiles = new TreeMap<>();
    private final Keys keys;
    private final Instant clock;
    private final ReplayCache replays = new MemoryReplayCache();
    private final HttpClient http =
        HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).connectTimeout(Duration.ofSeconds(10)).build();

    private Peer(Path profiles, Path keys, Instant clock) throws Exception {
        var lines = new Properties();
        try (InputStream in = Files.newInputStream(profiles)) {
            lines.load(in);
        }
        lines.forEach((name, line) -> this.profiles.put((String) name, Profile.parse((String) name, (String) line)));
        this.keys = new Keys(keys);
        this.clock = clock;
    }

    public static void main(String[] arguments) throws Exception {
        Logger.getLogger("").setLevel(Level.OFF);
        WSSConfig.init();
        Instant clock = arguments.length > 2 ? Instant.parse(arguments[2]) : null;
        var peer = new Peer(Path.of(arguments[0]), Path.of(arguments[1]), clock);

        var server = HttpServer.create(new InetSocketAddress(InetAddress.getByName("127.0.0.1"), 0), 0);
        server.setExecutor(Executors.newFixedThreadPool(4));
        server.createContext("/", peer::serve);
        server.start();
        System.out.println("listening " + server.getAddress().getPort());

        // The starter holds our standard input: when it goes away, however it ends, so do we.
        while (System.in.read() >= 0) { }
        System.exit(0);
    }

    private record Answer(int status, String contentType, byte[] octets) {

        static Answer text(int status, String text) {
            return new Answer(status, "text/plain; charset=utf-8", text.getBytes(StandardCharsets.UTF_8));
        }

        static Answer soap(int status, Document document) throws Exception {
            return new Answer(status, Soap.contentType(Soap.version(document)), Soap.serialize(document));
        }
    }

    private void serve(HttpExchange call) throws IOException {
        Answer answer;
        try (call) {
            try {
                answer = answer(call);
            } catch (Exception unexpected) {
                answer = Answer.text(500, "unexpected: " + unexpected);
            }
            call.getResponseHeaders().set("Content-Type", answer.contentType());
            call.sendResponseHeaders(answer.status(), answer.octets().length);
            call.getResponseBody().write(answer.octets());
        }
    }

    private Answer answer(HttpExchange call) throws Exception {
        String[] path = call.getRequestURI().getPath().split("/");
        String verb = path.length > 1 ? path[1] : "";
        if (verb.equals("health")) {
            return Answer.text(200, "WSS4J " + WSSConfig.class.getPackage().getImplementationVersion());
        }
        if (verb.equals("tamper") && path.length > 2) {
            Document message = Soap.parse(call.getRequestBody().readAllBytes());
            Tampering.apply(path[2], message);
            return Answer.soap(200, message);
        }
        Profile profile = path.length > 2 ? profiles.get(path[2]) : null;
        if (profile == null) {
            return Answer.text(404, "unknown: " + call.getRequestURI().getPath());
        }
        Map<String, String> query = query(call.getRequestURI());
        Document message = Soap.parse(call.getRequestBody().readAllBytes());
        return switch (verb) {
            case "service" -> service(profile, query, message);
            case "secure" -> secure(profile, query, message);
            case "client" -> client(profile, query, message);
            case "verify" -> verify(profile, query, message);
            default -> Answer.text(404, "unknown: " + verb);
        };
    }

    /** The secured echo service: a protected reply, or a fault. */
    private Answer service(Profile profile, Map<String, String> query, Document message) throws Exception {
        String version = Soap.version(message);
        try {
            var exchange = new Exchange();
            Incoming.request(keys, config(profile), profile, exchange, message, replays);
            Document reply = Soap.echo(message);
            Outgoing.reply(keys, config(profile), profile, exchange, reply);
            tamper(query, reply);
            return Answer.soap(200, reply);
        } catch (WSSecurityException refused) {
            return Answer.soap(500, Soap.fault(version, refused));
        }
    }

    private Answer secure(Profile profile, Map<String, String> query, Document message) throws Exception {
        Outgoing.request(keys, config(profile), profile, exchange(query), message);
        tamper(query, message);
        return Answer.soap(200, message);
    }

    private Answer verify(Profile profile, Map<String, String> query, Document message) throws Exception {
        try {
            return Answer.text(200, String.join("\n", Incoming.request(keys, config(profile), profile, exchange(query), message, null)));
        } catch (WSSecurityException refused) {
            return Answer.text(400, describe(refused));
        }
    }

    private static Exchange exchange(Map<String, String> query) {
        var exchange = new Exchange();
        exchange.actor = query.get("actor");
        return exchange;
    }

    /** Calls the service at url, and hands its verified, plain reply on. */
    private Answer client(Profile profile, Map<String, String> query, Document message) throws Exception {
        String version = Soap.version(message);
        String action = query.getOrDefault("action", "");
        var exchange = new Exchange();
        Outgoing.request(keys, config(profile), profile, exchange, message);
        tamper(query, message);
        var request = HttpRequest.newBuilder(URI.create(query.get("url"))).timeout(Duration.ofSeconds(30))
            .POST(HttpRequest.BodyPublishers.ofByteArray(Soap.serialize(message)));
        if (version.equals(Soap.SOAP12)) {
            request.header("Content-Type", "application/soap+xml; charset=utf-8; action=\"" + action + "\"");
        } else {
            request.header("Content-Type", "text/xml; charset=utf-8").header("SOAPAction", "\"" + action + "\"");
        }
        HttpResponse<byte[]> response = http.send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
        if (response.statusCode() != 200) {
            return Answer.text(502, "status " + response.statusCode() + ": " + new String(response.body(), StandardCharsets.UTF_8));
        }
        try {
            Document reply = Soap.parse(response.body());
            Incoming.reply(keys, config(profile), profile, exchange, reply);
            return Answer.soap(200, reply);
        } catch (WSSecurityException refused) {
            return Answer.text(502, "refused reply: " + describe(refused));
        }
    }

    private WSSConfig config(Profile profile) {
        WSSConfig config = WSSConfig.getNewInstance();
        config.setWsiBSPCompliant(profile.bsp());
        config.setAllowUsernameTokenNoPassword(profile.derivesFromPassword());
        if (clock != null) {
            // WSS4J reads with the time of day, whatever it writes with: accept any.
            config.setCurrentTime(() -> Date.from(clock));
            config.setTimeStampStrict(false);
            config.setTimeStampTTL(Integer.MAX_VALUE);
            config.setTimeStampFutureTTL(Integer.MAX_VALUE);
            config.setUtTTL(Integer.MAX_VALUE);
            config.setUtFutureTTL(Integer.MAX_VALUE);
        }
        return config;
    }

    private static void tamper(Map<String, String> query, Document message) {
        if (query.containsKey("tamper")) {
            Tampering.apply(query.get("tamper"), message);
        }
    }

    private static String describe(WSSecurityException refused) {
        String code = refused.getFaultCode() == null ? "-" : refused.getFaultCode().getLocalPart();
        String cause = refused.getCause() == null ? "" : " (" + refused.getCause() + ")";
        return refused.getClass().getSimpleName() + " " + code + ": " + refused.getMessage() + cause;
    }

    private static Map<String, String> query(URI uri) {
        var query = new HashMap<String, String>();
        if (uri.getRawQuery() != null) {
            for (String pair : uri.getRawQuery().split("&")) {
                int equals = pair.indexOf('=');
                query.put(pair.substring(0, equals), URLDecoder.decode(pair.substring(equals + 1), StandardCharsets.UTF_8));
            }
        }
        return query;
    }
}
