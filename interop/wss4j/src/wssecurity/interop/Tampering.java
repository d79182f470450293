package wssecurity.interop;

import org.apache.ws.security.WSConstants;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;

/** Attacks on a secured envelope; the other side must refuse each. */
final class Tampering {

    private static final String ENCRYPTION = WSConstants.ENC_NS;
    private static final String SIGNATURE = WSConstants.SIG_NS;

    private Tampering() {
    }

    static void apply(String kind, Document document) {
        Element header = Soap.header(document);
        Element security = Soap.child(header, WSConstants.WSSE_NS, "Security");
        switch (kind) {
            // Written anew by the peer's serializer, and otherwise left alone: whoever refuses that would refuse anything.
            case "nothing" -> { }
            case "body" -> Soap.body(document).appendChild(document.createElementNS(Soap.SERVICE, "Smuggled"));
            case "ciphertext" -> flip(first(Soap.body(document), ENCRYPTION, "CipherValue"));
            case "encrypted-key" -> flip(first(first(security, ENCRYPTION, "EncryptedKey"), ENCRYPTION, "CipherValue"));
            case "signature-value" -> flip(first(security, SIGNATURE, "SignatureValue"));
            case "digest-value" -> flip(first(security, SIGNATURE, "DigestValue"));
            case "timestamp" -> {
                Element expires = first(security, WSConstants.WSU_NS, "Expires");
                expires.setTextContent(expires.getTextContent().replaceFirst("^\\d{4}", "2099"));
            }
            case "no-timestamp" -> remove(first(security, WSConstants.WSU_NS, "Timestamp"));
            case "no-signature" -> remove(first(security, SIGNATURE, "Signature"));
            case "no-security" -> remove(security);
            case "address" -> {
                Element to = first(header, Soap.ADDRESSING, "To");
                to.setTextContent(to.getTextContent() + "/elsewhere");
            }
            case "wrap" -> wrap(document, header);
            default -> throw new IllegalArgumentException("unknown tampering " + kind);
        }
    }

    /** Signature wrapping: the signed Body moves, with its Id, into a header that nobody reads, and another takes its place. */
    private static void wrap(Document document, Element header) {
        Element signed = Soap.body(document);
        Element forged = (Element) signed.cloneNode(false);
        forged.removeAttributeNS(WSConstants.WSU_NS, "Id");
        forged.appendChild(document.createElementNS(Soap.SERVICE, "Smuggled"));
        signed.getParentNode().replaceChild(forged, signed);
        Element wrapper = document.createElementNS(Soap.SERVICE, "Wrapper");
        wrapper.appendChild(signed);
        header.appendChild(wrapper);
    }

    private static Element first(Element within, String namespace, String name) {
        NodeList found = within.getElementsByTagNameNS(namespace, name);
        if (found.getLength() == 0) {
            throw new IllegalArgumentException("the message has no " + name);
        }
        return (Element) found.item(0);
    }

    private static void remove(Element element) {
        element.getParentNode().removeChild(element);
    }

    private static void flip(Element base64) {
        String text = base64.getTextContent().trim();
        int middle = text.length() / 2;
        while (!Character.isLetterOrDigit(text.charAt(middle))) {
            middle--;
        }
        char other = text.charAt(middle) == 'A' ? 'B' : 'A';
        base64.setTextContent(text.substring(0, middle) + other + text.substring(middle + 1));
    }
}
