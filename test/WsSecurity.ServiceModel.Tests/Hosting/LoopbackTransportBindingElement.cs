using System.Collections.Concurrent;
using System.ServiceModel;
using System.ServiceModel.Channels;

namespace WsSecurity.ServiceModel.Tests.Hosting;

/// <summary>A transport without a network, which has the channel shapes that the client's own transports lack.</summary>
internal sealed class LoopbackTransportBindingElement(SecuredService service) : TransportBindingElement
{
    public static readonly EndpointAddress Address = new("loop://service.test/echo");

    public override string Scheme => "loop";

    /// <summary>Gives replies that the encoder never saw.</summary>
    public bool BypassesEncoder { get; init; }

    /// <summary>Sends every message twice.</summary>
    public bool SendsTwice { get; init; }

    /// <summary>Replies before it sends.</summary>
    public bool RepliesFirst { get; init; }

    /// <summary>Fails to send.</summary>
    public bool Fails { get; init; }

    public override BindingElement Clone() => this;

    public override T GetProperty<T>(BindingContext context) => null!;

    public override bool CanBuildChannelFactory<TChannel>(BindingContext context) => true;

    public override IChannelFactory<TChannel> BuildChannelFactory<TChannel>(BindingContext context) =>
        new Factory<TChannel>(this, service, context.BindingParameters.Find<MessageEncodingBindingElement>().CreateMessageEncoderFactory().Encoder);

    private sealed class Factory<TChannel>(LoopbackTransportBindingElement element, SecuredService service, MessageEncoder encoder) : ChannelFactoryBase<TChannel>
    {
        protected override TChannel OnCreateChannel(EndpointAddress address, Uri via) => (TChannel)(object)new Channel(this, element, service, encoder, address, via);

        protected override void OnOpen(TimeSpan timeout)
        {
        }

        protected override IAsyncResult OnBeginOpen(TimeSpan timeout, AsyncCallback callback, object state) => TaskToAsyncResult.Begin(Task.CompletedTask, callback, state);

        protected override void OnEndOpen(IAsyncResult result) => TaskToAsyncResult.End(result);
    }

    private sealed class Session : IDuplexSession
    {
        public string Id => "loop";

        public void CloseOutputSession()
        {
        }

        public void CloseOutputSession(TimeSpan timeout)
        {
        }

        public IAsyncResult BeginCloseOutputSession(AsyncCallback callback, object state) => TaskToAsyncResult.Begin(Task.CompletedTask, callback, state);

        public IAsyncResult BeginCloseOutputSession(TimeSpan timeout, AsyncCallback callback, object state) => TaskToAsyncResult.Begin(Task.CompletedTask, callback, state);

        public void EndCloseOutputSession(IAsyncResult result) => TaskToAsyncResult.End(result);
    }

    private sealed class Channel(ChannelManagerBase factory, LoopbackTransportBindingElement element, SecuredService service, MessageEncoder encoder, EndpointAddress address, Uri via)
        : ChannelBase(factory), IRequestSessionChannel, IDuplexSessionChannel, IOutputSessionChannel
    {
        private static readonly BufferManager Buffers = BufferManager.CreateBufferManager(0, int.MaxValue);

        private readonly BlockingCollection<Message> _received = [];
        private readonly Session _session = new();

        public EndpointAddress RemoteAddress => address;

        public EndpointAddress LocalAddress => new(EndpointAddress.AnonymousUri);

        public Uri Via => via;

        IDuplexSession ISessionChannel<IDuplexSession>.Session => _session;

        IOutputSession ISessionChannel<IOutputSession>.Session => _session;

        public Message Request(Message message) => Request(message, DefaultSendTimeout);

        public Message Request(Message message, TimeSpan timeout) => RequestAsync(message).GetAwaiter().GetResult()!;

        public IAsyncResult BeginRequest(Message message, AsyncCallback callback, object state) => BeginRequest(message, DefaultSendTimeout, callback, state);

        public IAsyncResult BeginRequest(Message message, TimeSpan timeout, AsyncCallback callback, object state) =>
            TaskToAsyncResult.Begin(RequestAsync(message), callback, state);

        public Message EndRequest(IAsyncResult result) => TaskToAsyncResult.End<Message?>(result)!;

        public void Send(Message message) => Send(message, DefaultSendTimeout);

        public void Send(Message message, TimeSpan timeout) => SendAsync(message).GetAwaiter().GetResult();

        public IAsyncResult BeginSend(Message message, AsyncCallback callback, object state) => BeginSend(message, DefaultSendTimeout, callback, state);

        public IAsyncResult BeginSend(Message message, TimeSpan timeout, AsyncCallback callback, object state) => TaskToAsyncResult.Begin(SendAsync(message), callback, state);

        public void EndSend(IAsyncResult result) => TaskToAsyncResult.End(result);

        public Message Receive() => Receive(DefaultReceiveTimeout);

        public Message Receive(TimeSpan timeout) => TryReceive(timeout, out var message) ? message : throw new TimeoutException();

        public IAsyncResult BeginReceive(AsyncCallback callback, object state) => BeginReceive(DefaultReceiveTimeout, callback, state);

        public IAsyncResult BeginReceive(TimeSpan timeout, AsyncCallback callback, object state) => TaskToAsyncResult.Begin(Task.Run(() => Receive(timeout)), callback, state);

        public Message EndReceive(IAsyncResult result) => TaskToAsyncResult.End<Message>(result);

        public bool TryReceive(TimeSpan timeout, out Message message)
        {
            var isReceived = _received.TryTake(out var received, timeout);
            message = received!;
            return isReceived;
        }

        public IAsyncResult BeginTryReceive(TimeSpan timeout, AsyncCallback callback, object state) =>
            TaskToAsyncResult.Begin(Task.Run(() => (TryReceive(timeout, out var message), message)), callback, state);

        public bool EndTryReceive(IAsyncResult result, out Message message)
        {
            (var isReceived, message) = TaskToAsyncResult.End<(bool, Message)>(result);
            return isReceived;
        }

        public bool WaitForMessage(TimeSpan timeout) => _received.Count > 0;

        public IAsyncResult BeginWaitForMessage(TimeSpan timeout, AsyncCallback callback, object state) => TaskToAsyncResult.Begin(Task.FromResult(_received.Count > 0), callback, state);

        public bool EndWaitForMessage(IAsyncResult result) => TaskToAsyncResult.End<bool>(result);

        protected override void OnOpen(TimeSpan timeout)
        {
        }

        protected override IAsyncResult OnBeginOpen(TimeSpan timeout, AsyncCallback callback, object state) => TaskToAsyncResult.Begin(Task.CompletedTask, callback, state);

        protected override void OnEndOpen(IAsyncResult result) => TaskToAsyncResult.End(result);

        protected override void OnClose(TimeSpan timeout)
        {
        }

        protected override IAsyncResult OnBeginClose(TimeSpan timeout, AsyncCallback callback, object state) => TaskToAsyncResult.Begin(Task.CompletedTask, callback, state);

        protected override void OnEndClose(IAsyncResult result) => TaskToAsyncResult.End(result);

        protected override void OnAbort()
        {
        }

        private async Task<Message?> RequestAsync(Message message)
        {
            if (element.RepliesFirst)
            {
                return Decode("<e/>"u8.ToArray());
            }

            var answer = await service.AnswerAsync(Encode(message));
            if (element.BypassesEncoder)
            {
                return Message.CreateMessage(encoder.MessageVersion, "urn:forged", "forged");
            }

            return answer is null ? null : Decode(answer.Envelope);
        }

        private async Task SendAsync(Message message)
        {
            if (element.Fails)
            {
                throw new CommunicationException("The network is down.");
            }

            if (await RequestAsync(message) is { } reply)
            {
                _received.Add(reply);
            }
        }

        private byte[] Encode(Message message)
        {
            var octets = encoder.WriteMessage(message, int.MaxValue, Buffers);
            if (element.SendsTwice)
            {
                encoder.WriteMessage(message, int.MaxValue, Buffers);
            }

            return octets.ToArray();
        }

        private Message Decode(ReadOnlyMemory<byte> octets)
        {
            var buffer = Buffers.TakeBuffer(octets.Length);
            octets.CopyTo(buffer);
            return encoder.ReadMessage(new ArraySegment<byte>(buffer, 0, octets.Length), Buffers);
        }
    }
}
