using Microsoft.AspNetCore.Http;
using System.Net.WebSockets;

namespace WsSecurity.ServiceModel.Tests.Hosting;

/// <summary>SOAP over WebSocket as WCF speaks it: subprotocol "soap", one envelope a message.</summary>
internal static class WebSocketSession
{
    public static async Task ServeAsync(HttpContext context, SecuredService service, WireFormat format)
    {
        using var socket = await context.WebSockets.AcceptWebSocketAsync("soap");
        await ServeAsync(socket, service, format);
    }

    public static async Task ServeAsync(WebSocket socket, SecuredService service, WireFormat format)
    {
        while (await ReceiveAsync(socket) is { } octets)
        {
            var answer = await service.AnswerAsync(format.Decode(octets, null));
            if (answer is not null)
            {
                await socket.SendAsync(format.Encode(answer.Envelope), WebSocketMessageType.Binary, true, CancellationToken.None);
                await answer.Then();
            }
        }

        await socket.CloseAsync(WebSocketCloseStatus.NormalClosure, null, CancellationToken.None);
    }

    private static async Task<byte[]?> ReceiveAsync(WebSocket socket)
    {
        using var message = new MemoryStream();
        var buffer = new byte[16 * 1024];
        while (true)
        {
            ValueWebSocketReceiveResult result;
            try
            {
                result = await socket.ReceiveAsync(buffer.AsMemory(), CancellationToken.None);
            }
            catch (WebSocketException)
            {
                return null;
            }

            if (result.MessageType == WebSocketMessageType.Close)
            {
                return null;
            }

            message.Write(buffer, 0, result.Count);
            if (result.EndOfMessage)
            {
                return message.ToArray();
            }
        }
    }
}
