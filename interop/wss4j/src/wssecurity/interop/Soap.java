package wssecurity.interop;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.List;
import javax.xml.parsers.DocumentBuilder;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.transform.OutputKeys;
import javax.xml.transform.Transformer;
import javax.xml.transform.TransformerFactory;
import javax.xml.transform.dom.DOMSource;
import javax.xml.transform.stream.StreamResult;
import org.apache.ws.security.WSConstants;
import org.apache.ws.security.WSSecurityException;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.Node;

/** SOAP 1.1 and 1.2 envelopes as DOM documents, and the echo service itself. */
final class Soap {

    static final String SOAP11 = WSConstants.URI_SOAP11_ENV;
    static final String SOAP12 = WSConstants.URI_SOAP12_ENV;
    static final String ADDRESSING = "http://www.w3.org/2005/08/addressing";
    static final String SERVICE = "urn:wssecurity:interop";

    private static final String XMLNS = "http://www.w3.org/2000/xmlns/";

    private Soap() {
    }

    static Document parse(byte[] octets) throws Exception {
        return builder().parse(new ByteArrayInputStream(octets));
    }

    static byte[] serialize(Document document) throws Exception {
        Transformer transformer = TransformerFactory.newInstance().newTransformer();
        transformer.setOutputProperty(OutputKeys.OMIT_XML_DECLARATION, "yes");
        var out = new ByteArrayOutputStream();
        transformer.transform(new DOMSource(document), new StreamResult(out));
        return out.toByteArray();
    }

    static String version(Document document) {
        return document.getDocumentElement().getNamespaceURI();
    }

    static String contentType(String version) {
        return version.equals(SOAP12) ? "application/soap+xml; charset=utf-8" : "text/xml; charset=utf-8";
    }

    static Element body(Document document) {
        return child(document.getDocumentElement(), version(document), "Body");
    }

    static Element header(Document document) {
        return child(document.getDocumentElement(), version(document), "Header");
    }

    static Element child(Element parent, String namespace, String name) {
        for (Element element : children(parent)) {
            if (name.equals(element.getLocalName()) && namespace.equals(element.getNamespaceURI())) {
                return element;
            }
        }
        return null;
    }

    static List<Element> children(Element parent) {
        var elements = new ArrayList<Element>();
        for (Node node = parent == null ? null : parent.getFirstChild(); node != null; node = node.getNextSibling()) {
            if (node instanceof Element element) {
                elements.add(element);
            }
        }
        return elements;
    }

    /** The first element of the test service's namespace and of this name below the Body. */
    static Element payload(Document document, String name) {
        return (Element) body(document).getElementsByTagNameNS(SERVICE, name).item(0);
    }

    /** The WS-Addressing header blocks of the envelope. */
    static List<Element> addressing(Document document) {
        return children(header(document)).stream().filter(block -> ADDRESSING.equals(block.getNamespaceURI())).toList();
    }

    /** The reply of the service: the payload of the request, its Account header, and WS-Addressing where it was used. */
    static Document echo(Document request) throws Exception {
        Document reply = envelope(version(request));
        Element header = header(reply);
        Element action = child(header(request), ADDRESSING, "Action");
        if (action != null) {
            append(header, ADDRESSING, "wsa:Action", action.getTextContent() + "Response");
        }
        Element messageId = child(header(request), ADDRESSING, "MessageID");
        if (messageId != null) {
            append(header, ADDRESSING, "wsa:RelatesTo", messageId.getTextContent());
        }
        Element account = child(header(request), SERVICE, "Account");
        if (account != null) {
            header.appendChild(reply.importNode(account, true));
        }
        Element response = append(body(reply), SERVICE, "e:EchoResponse", null);
        for (Element payload : children(body(request))) {
            for (Node node = payload.getFirstChild(); node != null; node = node.getNextSibling()) {
                response.appendChild(reply.importNode(node, true));
            }
        }
        return reply;
    }

    static Document fault(String version, WSSecurityException failure) throws Exception {
        Document fault = envelope(version);
        Element element = append(body(fault), version, "soap:Fault", null);
        String code = failure.getFaultCode() == null ? "InvalidSecurity" : failure.getFaultCode().getLocalPart();
        String text = failure.getClass().getSimpleName() + ": " + failure.getMessage();
        if (version.equals(SOAP12)) {
            Element outer = append(element, version, "soap:Code", null);
            append(outer, version, "soap:Value", "soap:Sender");
            Element subcode = append(outer, version, "soap:Subcode", null);
            code(append(subcode, version, "soap:Value", "wsse:" + code));
            append(append(element, version, "soap:Reason", null), version, "soap:Text", text)
                .setAttributeNS("http://www.w3.org/XML/1998/namespace", "xml:lang", "en");
        } else {
            code(append(element, null, "faultcode", "wsse:" + code));
            append(element, null, "faultstring", text);
        }
        return fault;
    }

    private static void code(Element element) {
        element.setAttributeNS(XMLNS, "xmlns:wsse", WSConstants.WSSE_NS);
    }

    private static Document envelope(String version) throws Exception {
        Document document = builder().newDocument();
        Element envelope = document.createElementNS(version, "soap:Envelope");
        envelope.setAttributeNS(XMLNS, "xmlns:soap", version);
        document.appendChild(envelope);
        append(envelope, version, "soap:Header", null);
        append(envelope, version, "soap:Body", null);
        return document;
    }

    private static Element append(Element parent, String namespace, String name, String text) {
        Element element = parent.getOwnerDocument().createElementNS(namespace, name);
        if (name.indexOf(':') > 0 && !name.startsWith("soap:")) {
            element.setAttributeNS(XMLNS, "xmlns:" + name.substring(0, name.indexOf(':')), namespace);
        }
        if (text != null) {
            element.setTextContent(text);
        }
        parent.appendChild(element);
        return element;
    }

    private static DocumentBuilder builder() throws Exception {
        var factory = DocumentBuilderFactory.newInstance();
        factory.setNamespaceAware(true);
        factory.setFeature("http://apache.org/xml/features/disallow-doctype-decl", true);
        return factory.newDocumentBuilder();
    }
}
