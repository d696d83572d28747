import { RuntimeModule } from '@millrace/runtime';
import { Module } from '@nestjs/common';
import { LiveEvents } from './adapters/live-events.js';
import { Proxy } from './adapters/proxy.js';
import { SignIn } from './adapters/sign-in.js';
import { TokenExchange } from './adapters/token-exchange.js';
import { ConsoleController } from './http/console.controller.js';
import { EventsController } from './http/events.controller.js';
import { ProxyController } from './http/proxy.controller.js';

@Module({
  imports: [RuntimeModule.forService({ name: 'gateway' })],
  controllers: [ConsoleController, EventsController, ProxyController],
  providers: [LiveEvents, Proxy, SignIn, TokenExchange],
})
export class GatewayModule {}
