namespace WsSecurity.Messaging;

/// <summary>What goes back to the sender of a message.</summary>
/// <param name="Envelope">The protected envelope, or the standard fault, UTF-8; empty where the message asked for nothing but to be done. Valid until the call ends that it is given to.</param>
/// <param name="SoapVersion">The version of the envelope.</param>
/// <param name="IsFault">Whether it carries a fault.</param>
public readonly record struct DeliveryReply(ReadOnlyMemory<byte> Envelope, SoapVersion SoapVersion, bool IsFault);
